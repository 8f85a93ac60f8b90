#include "wire_counts.hpp"

#include <sys/mman.h>

#include <array>
#include <atomic>
#include <thread>

#include "allocations.hpp"
#include "page_faults.hpp"
#include "payload.hpp"
#include "ping_pong.hpp"
#include "shared_wire.hpp"
#include "system_calls.hpp"

namespace vcengine::bench {

namespace {

constexpr std::size_t kBusyWarmUp = 1000;
constexpr int kTries = 5;
constexpr int kPasses = 20;
constexpr std::uint32_t kDeep = 64;

struct Counted {
  std::atomic<bool> go, done;
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

/// Goes on until the reader has what it wants, so that the wire is busy all the while.
void write_frames(const SharedWire& wire, Waiting waiting, Counted& counted) {
  Sender sender(wire, waiting);
  Window window(counted.writer_allocations);
  while (!counted.go) std::this_thread::yield();
  for (std::size_t i = 0; !counted.done; ++i) {
    if (i == kBusyWarmUp) window.open();
    sender.send(k4KiB.bytes, [&](std::byte* frame) {
      write_frame(frame, k4KiB.bytes, Touch::line, static_cast<std::int64_t>(i));
    });
  }
  window.close();
  sender.end();
}

/// Works on each frame for some microseconds, many times what the writer spends on one: there is
/// always one more.
void read_frames(const SharedWire& wire, Waiting waiting, std::size_t frames, Counted& counted) {
  Receiver receiver(wire, 0, waiting);
  Window window(counted.reader_allocations);
  while (!counted.go) std::this_thread::yield();
  std::size_t taken = 0;
  while (const auto frame = receiver.receive()) {
    for (int i = 0; i < kPasses; ++i) {
      read_frame(frame->payload().data(), k4KiB.bytes, Touch::all);
    }
    // Twice the writer's warm-up: its window is open before ours.
    if (++taken == 2 * kBusyWarmUp) window.open();
    if (taken == 2 * kBusyWarmUp + frames) {
      window.close();
      counted.done = true;
    }
  }
}

/// A forked process shares pages with its parent until it writes to them; that shall not look like
/// a fault of the wire. Locks for a moment, before wires are mapped, and is of no consequence where
/// it may not.
void have_own_pages() {
  if (::mlockall(MCL_CURRENT) == 0) ::munlockall();
}

}  // namespace

BusyCounts wire_busy_counts(Busy busy, std::size_t frames) {
  const auto waiting = busy == Busy::spinning ? Waiting::spin : Waiting::sleep;
  const auto policy = busy == Busy::overrun ? wire::Policy::drop_oldest : wire::Policy::wait;
  const auto cores = two_cores().value();
  // Who is to find a frame each time must find one, too, while the writer is off its core.
  const SharedWire wire(
      {.frame_bytes = k4KiB.bytes, .policy = policy, .depth = busy == Busy::overrun ? kDeep : 2});
  const Shared<Counted> counted;
  Processes processes;
  processes.start(cores[0], [&] { write_frames(wire, waiting, *counted); });
  processes.start(cores[1], [&] { read_frames(wire, waiting, frames, *counted); });

  BusyCounts result;
  const auto counts = count_system_calls(processes, [&] { counted->go = true; });
  if (!counts) return result;
  double calls = 0;
  for (const auto& [process, count] : *counts) calls += static_cast<double>(count);
  result.system_calls = calls / static_cast<double>(frames);
  if (allocations()) {
    const auto all = counted->writer_allocations + counted->reader_allocations;
    result.allocations = static_cast<double>(all) / static_cast<double>(frames);
  }
  return result;
}

BusyCounts least_busy_counts(Busy busy, std::size_t frames) {
  auto least = wire_busy_counts(busy, frames);
  for (int tries = 1; tries < kTries && least.system_calls.value_or(0) > 0; ++tries) {
    const auto again = wire_busy_counts(busy, frames);
    if (again.system_calls < least.system_calls) least = again;
  }
  return least;
}

Faults wire_faults(Holding holding, std::size_t warm_up, std::size_t frames) {
  const SharedWire wire({.frame_bytes = k1080p.bytes});
  const Shared<Faults> faults;
  const auto cores = two_cores().value();
  const auto all = warm_up + frames;
  Processes processes;
  processes.start(cores[0], [&] {
    have_own_pages();
    Sender sender(wire, Waiting::sleep);
    const PageFaults counted;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < all; ++i) {
      if (i == warm_up) before = counted.so_far();
      sender.send(k1080p.bytes, [&](std::byte* frame) {
        write_frame(frame, k1080p.bytes, Touch::all, static_cast<std::int64_t>(i));
      });
    }
    faults->writer = counted.so_far() - before;
  });
  processes.start(cores[1], [&] {
    have_own_pages();
    Receiver receiver(wire, 0, Waiting::sleep);
    std::array<std::optional<FrameRef>, 3> kept;
    const PageFaults counted;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < all; ++i) {
      if (i == warm_up) before = counted.so_far();
      auto frame = receiver.receive();
      read_frame(frame->payload().data(), k1080p.bytes, Touch::all);
      if (holding == Holding::uneven && i >= warm_up) {
        kept[i % kept.size()] = std::move(frame);
      }
    }
    faults->reader = counted.so_far() - before;
  });
  processes.wait();
  return *faults;
}

}  // namespace vcengine::bench
