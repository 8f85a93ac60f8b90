#include "port_writer.hpp"

#include <chrono>
#include <optional>
#include <string>

#include "block_access.hpp"

namespace vcengine::detail {

PortWriter::PortWriter(const Block& block, OutputBase& port, std::unique_ptr<wire::RingWriter> ring,
                       wire::Waiter& waiter, bool of_source, bool feeds_join)
    : block_(block),
      port_(port),
      ring_(std::move(ring)),
      waiter_(waiter),
      of_source_(of_source),
      tells_bound_(feeds_join && port.info().delayed == 0) {
  port_.connect(this);
}

PortWriter::~PortWriter() { port_.connect(nullptr); }

bool PortWriter::must_stop() const noexcept {
  const auto state = waiter_.run_state();
  return state == wire::RunState::abort || (of_source_ && state == wire::RunState::stop_sources);
}

Slot PortWriter::loan(std::uint64_t size) {
  if (size > ring_->stride()) {
    throw FrameError("a frame of " + std::to_string(size) + " bytes does not fit output '" +
                     port_.info().name + "', whose capacity is " + std::to_string(ring_->stride()) +
                     "; say `capacity: " + std::to_string((size >> 20) + 1) +
                     "MiB` (or more) on one of its wires");
  }
  if (loaned_ >= ring_->max_loans()) {
    throw FrameError("output '" + port_.info().name + "' lends " +
                     std::to_string(ring_->max_loans()) +
                     " frames at once and no more; publish or drop one first");
  }
  // Within that limit there is always a slot, whatever readers keep: the loop is for one that
  // breaks the rules (a reader let go by mistake, a page damaged).
  std::optional<std::uint32_t> slot;
  for (;;) {
    if (must_stop()) throw Stopping();
    if (!slot) slot = ring_->try_loan();
    if (slot) break;
    waiter_.wait_for_space(*ring_, [&] { return (slot = ring_->try_loan()) || must_stop(); });
  }
  ++loaned_;
  return {.data = ring_->slot_data(*slot), .capacity = ring_->stride(), .index = *slot};
}

void PortWriter::publish(Slot slot, FrameType type, std::array<std::uint32_t, 2> shape,
                         std::uint64_t size) {
  const auto stamp = BlockAccess::stamp(block_);
  if (stamp < Stamp{0} || stamp < last_stamp_) {
    throw FrameError("output '" + port_.info().name + "': stamps must not go back, from " +
                     std::to_string(last_stamp_.count()) + " ns to " +
                     std::to_string(stamp.count()) + " ns");
  }
  while (!ring_->has_space()) {
    if (must_stop()) throw Stopping();
    waiter_.wait_for_space(*ring_, [this] { return ring_->has_space() || must_stop(); });
  }
  const auto born = BlockAccess::born(block_);
  FrameHeader header;
  header.type = type;
  header.size = size;
  header.shape = shape;
  header.stamp = stamp;
  header.born = born ? *born : BlockAccess::now(block_).time_since_epoch();
  header.cause = cause_;
  ring_->publish(slot.index, header);
  last_stamp_ = stamp;
  ++published_;
  --loaned_;
}

void PortWriter::give_back(Slot slot) noexcept {
  ring_->give_back(slot.index);
  --loaned_;
}

void PortWriter::begin(std::uint64_t cause) noexcept {
  cause_ = cause;
  published_ = 0;
}

void PortWriter::advance_bound(std::int64_t bound, bool ring) {
  if (tells_bound_) ring_->advance_bound(bound, ring);
}

void PortWriter::end() { ring_->end(); }

}  // namespace vcengine::detail
