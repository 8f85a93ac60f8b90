#include "wire_counts.hpp"

#include <sys/resource.h>

#include <array>
#include <atomic>
#include <thread>

#include "allocations.hpp"
#include "payload.hpp"
#include "ping_pong.hpp"
#include "shared_wire.hpp"
#include "system_calls.hpp"

namespace vcengine::bench {

namespace {

constexpr std::size_t kBusyWarmUp = 1000;
constexpr std::size_t kIdleEnd = 64;  // so many frames before its end a wire is not busy any more

struct Counted {
  std::atomic<bool> go;
  std::uint64_t writer_allocations, reader_allocations;
  std::uint64_t taken;
};

/// Counts what happens in the process between its two calls.
class Window {
 public:
  explicit Window(std::uint64_t& count) : count_(count) {}
  void open() {
    mark();
    before_ = allocations().value_or(0);
  }
  void close() {
    count_ = allocations().value_or(0) - before_;
    mark();
  }

 private:
  std::uint64_t& count_;
  std::uint64_t before_ = 0;
};

void write_frames(const SharedWire& wire, Waiting waiting, std::size_t frames, Counted& counted) {
  Sender sender(wire, waiting);
  Window window(counted.writer_allocations);
  while (!counted.go) std::this_thread::yield();
  for (std::size_t i = 0; i < kBusyWarmUp + frames; ++i) {
    if (i == kBusyWarmUp) window.open();
    sender.send(k4KiB.bytes, [&](std::byte* frame) {
      write_frame(frame, k4KiB.bytes, Touch::line, static_cast<std::int64_t>(i));
    });
  }
  window.close();
  sender.end();
}

/// Reads all of each frame, where the writer writes a line of it: there is always one more.
void read_frames(const SharedWire& wire, Waiting waiting, std::size_t frames, Counted& counted) {
  Receiver receiver(wire, 0, waiting);
  Window window(counted.reader_allocations);
  while (!counted.go) std::this_thread::yield();
  enum { before, within, after } place = before;
  while (const auto frame = receiver.receive()) {
    read_frame(frame->payload().data(), k4KiB.bytes, Touch::all);
    const auto sequence = frame->header().sequence;
    if (place == within) ++counted.taken;
    if (place == before && sequence > kBusyWarmUp) {
      place = within;
      window.open();
    } else if (place == within && sequence + kIdleEnd >= kBusyWarmUp + frames) {
      place = after;
      window.close();
    }
  }
}

std::int64_t minor_faults() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

}  // namespace

BusyCounts wire_busy_counts(Busy busy, std::size_t frames) {
  const auto waiting = busy == Busy::spinning ? Waiting::spin : Waiting::sleep;
  const auto policy = busy == Busy::overrun ? wire::Policy::drop_oldest : wire::Policy::wait;
  const auto cores = two_cores().value();
  for (const bool traced : {true, false}) {
    const SharedWire wire({.frame_bytes = k4KiB.bytes, .policy = policy});
    const Shared<Counted> counted;
    Processes processes;
    processes.start(cores[0], [&] { write_frames(wire, waiting, frames, *counted); });
    processes.start(cores[1], [&] { read_frames(wire, waiting, frames, *counted); });
    const auto go = [&] { counted->go = true; };

    BusyCounts result;
    std::uint64_t calls = 0;
    if (traced) {
      const auto counts = count_system_calls(processes, go);
      if (!counts) continue;
      for (const auto& [process, count] : *counts) calls += count;
    } else {
      go();
      processes.wait();
    }
    if (counted->taken == 0) throw std::runtime_error("the reader took no frame");
    const auto taken = static_cast<double>(counted->taken);
    if (traced) result.system_calls = static_cast<double>(calls) / taken;
    if (allocations()) {
      const auto all = counted->writer_allocations + counted->reader_allocations;
      result.allocations = static_cast<double>(all) / taken;
    }
    return result;
  }
  return {};
}

Faults wire_faults(Holding holding, std::size_t warm_up, std::size_t frames) {
  const SharedWire wire({.frame_bytes = k1080p.bytes});
  const Shared<Faults> faults;
  const auto cores = two_cores().value();
  const auto all = warm_up + frames;
  Processes processes;
  processes.start(cores[0], [&] {
    Sender sender(wire, Waiting::sleep);
    std::int64_t before = 0;
    for (std::size_t i = 0; i < all; ++i) {
      if (i == warm_up) before = minor_faults();
      sender.send(k1080p.bytes, [&](std::byte* frame) {
        write_frame(frame, k1080p.bytes, Touch::all, static_cast<std::int64_t>(i));
      });
    }
    faults->writer = minor_faults() - before;
  });
  processes.start(cores[1], [&] {
    Receiver receiver(wire, 0, Waiting::sleep);
    std::array<std::optional<FrameRef>, 3> kept;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < all; ++i) {
      if (i == warm_up) before = minor_faults();
      auto frame = receiver.receive();
      read_frame(frame->payload().data(), k1080p.bytes, Touch::all);
      if (holding == Holding::uneven && i >= warm_up) {
        kept[i % kept.size()] = std::move(frame);
      }
    }
    faults->reader = minor_faults() - before;
  });
  processes.wait();
  return *faults;
}

}  // namespace vcengine::bench
