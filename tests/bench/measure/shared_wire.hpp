/// One output and its wires in memfds, shaped as the host shapes them, for processes that the
/// benchmark forks: the SDK's own ring at both ends. Only sealing is left out; it happens before
/// the first frame and costs nothing later.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "clock.hpp"
#include "questions.hpp"
#include "wire/futex.hpp"
#include "wire/ring.hpp"
#include "wire/segment.hpp"
#include "wire/slot_memory.hpp"
#include "wire/waiter.hpp"

namespace vcengine::bench {

struct WireShape {
  std::uint64_t frame_bytes = 64;
  wire::Policy policy = wire::Policy::wait;
  std::uint32_t depth = 2;
  std::uint32_t readers = 1;
};

/// Made in the parent, before it forks; its descriptors are what the processes inherit.
class SharedWire {
 public:
  explicit SharedWire(const WireShape& shape);

  /// Has the reader a frame in its hand, and has it announced that it sleeps? [parent]
  bool sleeps_with_a_frame(std::size_t reader) const;

 private:
  friend class Sender;
  friend class Receiver;

  wire::PoolConfig config_;
  FileDescriptor control_, payload_, host_;
  std::vector<FileDescriptor> readers_;  // observers' pages, attached to nobody, are the last
};

inline void rest() {
  constexpr std::int64_t kRest = 1000;  // ns
  for (const auto until = now_ns() + kRest; now_ns() < until;) {
  }
}

/// The end that publishes, mapped by the process that it is made in.
class Sender {
 public:
  Sender(const SharedWire& wire, Waiting waiting);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// Waits for space, fills a frame in its slot with `fill(std::byte*)` and publishes it.
  template <class Fill>
  void send(std::uint64_t bytes, Fill fill) {
    const auto slot = ring_.try_loan();
    if (!slot) throw std::logic_error("the pool has no slot left");
    fill(ring_.slot_data(*slot));
    while (!ring_.has_space()) {
      if (waiting_ == Waiting::sleep) {
        waiter_.wait_for_space(ring_, [this] { return ring_.has_space(); });
      }
      if (waiting_ == Waiting::rest) rest();
    }
    FrameHeader header;
    header.type = {Family::bytes, 0};
    header.size = bytes;
    header.shape = {1, 1};
    ring_.publish(*slot, header);
    if (bytes >= wire::kLargeFrame) memory_.after_publish(bytes, ring_.fresh_slot());
  }
  void end() { ring_.end(); }

 private:
  const Waiting waiting_;
  wire::Mapping control_, payload_, host_;
  std::vector<wire::Mapping> readers_;
  wire::FutexDoorbell doorbell_;
  wire::RingWriter ring_;
  wire::WriterSlotMemory memory_{ring_};
  wire::SharedWaiter waiter_;
};

/// The end that takes, likewise.
class Receiver {
 public:
  Receiver(const SharedWire& wire, std::size_t reader, Waiting waiting);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  /// None once the wire has ended.
  std::optional<FrameRef> receive() {
    FrameRef frame;
    for (;;) {
      const auto status = ring_.front()->take(frame);
      if (status == wire::RingReader::Status::frame) {
        memory_.after_take(frame);
        return frame;
      }
      if (status == wire::RingReader::Status::ended) return std::nullopt;
      if (status != wire::RingReader::Status::empty) throw std::logic_error("cannot take a frame");
      if (waiting_ == Waiting::sleep) sleep();
      if (waiting_ == Waiting::rest) rest();
      if (waiting_ == Waiting::spin) glance();
    }
  }
  std::uint64_t dropped() const { return ring_.front()->dropped(wire::DropReason::superseded); }

 private:
  void sleep();
  /// As a worker does that spins; now and then it looks whether the wire has ended.
  void glance() const {
    constexpr int kGlances = 10'000;
    for (int i = 0; i < kGlances && !ring_.front()->glance(); ++i) {
    }
  }

  const Waiting waiting_;
  wire::Mapping control_, payload_, host_, page_;
  wire::FutexDoorbell doorbell_;
  wire::ReaderSlotMemory memory_;
  std::vector<std::shared_ptr<wire::RingReader>> ring_;  // one; a list is what a waiter takes
  wire::SharedWaiter waiter_;
};

}  // namespace vcengine::bench
