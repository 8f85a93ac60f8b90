#include "port_writer.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "admission.hpp"
#include "block_access.hpp"

namespace vcengine::detail {

namespace {

/// Of the loans of an admitted output, those that the block may have at once. (The others are the
/// frames of the call that goes on, and those that wait to be let in.)
constexpr std::uint32_t kAdmittedAtOnce = 2;

std::string in_ns(Stamp stamp) { return std::to_string(stamp.count()) + " ns"; }

}  // namespace

PortWriter::PortWriter(const Block& block, StampsInLine& stamps, OutputBase& port,
                       std::unique_ptr<wire::RingWriter> ring, wire::Waiter& waiter, bool of_source,
                       bool tells_bound, Admission* admission)
    : block_(block),
      stamps_(stamps),
      port_(port),
      ring_(std::move(ring)),
      waiter_(waiter),
      admission_(admission),
      of_source_(of_source),
      tells_bound_(tells_bound),
      delayed_(port.info().delayed),
      memory_(*ring_),
      over_(ring_->has_ended()),
      reached_limit_(over_) {
  port_.connect(this);
  last_stamp_ = ring_->last_stamp().value_or(last_stamp_);
  told_ = ring_->bound();
}

PortWriter::~PortWriter() { port_.connect(nullptr); }

bool PortWriter::must_stop() const noexcept {
  const auto state = waiter_.run_state();
  return state == wire::RunState::abort || (of_source_ && state == wire::RunState::stop_sources);
}

/// Nobody else uses the ring of an output without admission.
std::unique_lock<std::mutex> PortWriter::ring_lock() const {
  return admission_ != nullptr ? admission_->lock() : std::unique_lock<std::mutex>();
}

std::optional<std::uint32_t> PortWriter::try_loan() {
  const auto guard = ring_lock();
  return ring_->try_loan();
}

Slot PortWriter::loan(std::uint64_t size) {
  if (size > ring_->stride()) {
    throw FrameError("a frame of " + std::to_string(size) + " bytes does not fit output '" +
                     port_.info().name + "', whose capacity is " + std::to_string(ring_->stride()) +
                     "; say `capacity: " + std::to_string((size >> 20) + 1) +
                     "MiB` (or more) on one of its wires");
  }
  const auto at_once = admission_ != nullptr ? kAdmittedAtOnce : ring_->max_loans();
  if (loaned_ >= at_once) {
    throw FrameError("output '" + port_.info().name + "' lends " + std::to_string(at_once) +
                     " frames at once and no more; publish or drop one first");
  }
  // Within that limit there is always a slot, whatever readers keep: the loop is for one that
  // breaks the rules (a reader let go by mistake, a page damaged).
  std::optional<std::uint32_t> slot;
  for (;;) {
    if (must_stop()) throw Stopping();
    if (!slot) slot = try_loan();
    if (slot) break;
    waiter_.wait_for_space(*ring_, [&] { return (slot = try_loan()) || must_stop(); });
  }
  ++loaned_;
  return {.data = ring_->slot_data(*slot), .capacity = ring_->stride(), .index = *slot};
}

void PortWriter::check_stamp(Stamp stamp) const {
  if (stamp < Stamp{0} || stamp < last_stamp_) {
    throw FrameError("output '" + port_.info().name + "': stamps must not go back, from " +
                     in_ns(last_stamp_) + " to " + in_ns(stamp));
  }
  if (stamp.count() >= told_) return;
  if (delayed_ > 0) {
    throw FrameError("output '" + port_.info().name + "': the frame of " + in_ns(stamp) +
                     " comes more than the " + std::to_string(delayed_) +
                     " frames late that Delayed declares");
  }
  throw FrameError("output '" + port_.info().name + "': the stamp " + in_ns(stamp) +
                   " is over, joins went on to " + in_ns(Stamp{told_}) +
                   (of_source_ ? "; a source's stamps must grow from one process() to the next"
                               : "; an output that publishes later is declared Delayed"));
}

/// None for one that is not sent any more.
std::optional<FrameHeader> PortWriter::next_header(FrameType type,
                                                   std::array<std::uint32_t, 2> shape,
                                                   std::uint64_t size) {
  if (over_) return std::nullopt;
  auto stamp = stamps_.now(block_);
  if (draining_) stamp = std::max(stamp, Stamp{told_});  // readers went on to there
  check_stamp(stamp);
  if (end_stamp_ && stamp >= *end_stamp_) {
    reached_limit_ = true;
    return std::nullopt;
  }
  const auto born = BlockAccess::born(block_);
  FrameHeader header;
  header.type = type;
  header.size = size;
  header.shape = shape;
  header.stamp = stamp;
  header.born = born ? *born : BlockAccess::now(block_).time_since_epoch();
  header.cause = cause_;
  return header;
}

void PortWriter::wait_for_space() {
  while (!ring_->has_space()) {
    if (must_stop()) throw Stopping();
    waiter_.wait_for_space(*ring_, [this] { return ring_->has_space() || must_stop(); });
  }
}

void PortWriter::count(Stamp stamp) {
  last_stamp_ = stamp;
  ++published_;
}

void PortWriter::publish(Slot slot, FrameType type, std::array<std::uint32_t, 2> shape,
                         std::uint64_t size) {
  const auto header = next_header(type, shape, size);
  if (!header) return give_back(slot);
  if (admission_ != nullptr) {
    if (admission_->staged_by(*this) >= kAdmittedAtOnce) {
      throw FrameError("output '" + port_.info().name + "' of a live source sends at most " +
                       std::to_string(kAdmittedAtOnce) +
                       " frames in one process() where its frames meet again further down");
    }
    admission_->stage({this, slot.index, *header});
  } else {
    wait_for_space();
    ring_->publish(slot.index, *header);
  }
  count(header->stamp);
  --loaned_;
  if (size >= wire::kLargeFrame) see_to_memory(size);
}

void PortWriter::see_to_memory(std::uint64_t size) {
  std::optional<std::uint32_t> fresh;
  {
    const auto guard = ring_lock();
    fresh = ring_->fresh_slot();
  }
  memory_.after_publish(size, fresh);
}

bool PortWriter::forward(const FrameRef& frame) {
  // What waits to be let in is in slots of our own.
  if (admission_ != nullptr || !ring_->may_forward(frame)) return false;
  const auto& of = frame.header();
  const auto header = next_header(of.type, of.shape, of.size);
  if (!header) return true;
  wait_for_space();
  ring_->forward(frame, *header);
  count(header->stamp);
  return true;
}

Stamp PortWriter::next_in_line() const noexcept {
  const auto last = ring_->last_stamp();
  const auto step = std::max(ring_->last_step().value_or(Stamp{1}), Stamp{1});
  return std::max(told(), last ? *last + step : Stamp{0});
}

void PortWriter::publish_now(std::uint32_t slot, const FrameHeader& header) {
  ring_->publish(slot, header);
}

void PortWriter::tell_wanted() { ring_->advance_bound(wanted_, true); }

void PortWriter::give_back(Slot slot) noexcept {
  const auto guard = ring_lock();
  ring_->give_back(slot.index);
  --loaned_;
}

void PortWriter::begin(std::uint64_t cause, Stamp stamp) {
  cause_ = cause;
  published_ = 0;
  if (delayed_ == 0) return;
  if (may_be_kept_.size() == delayed_) may_be_kept_.pop_front();
  may_be_kept_.push_back(stamp.count());
}

void PortWriter::advance_bound(std::int64_t bound, bool ring) {
  if (!tells_bound_) return;
  // A frame may still be kept for each of the last triggers.
  if (!may_be_kept_.empty()) bound = std::min(bound, may_be_kept_.front());
  told_ = std::max(told_, bound);
  const auto guard = ring_lock();
  wanted_ = bound;
  const auto waiting = admission_ != nullptr ? admission_->pending_stamp(*this) : std::nullopt;
  ring_->advance_bound(waiting ? std::min(bound, waiting->count()) : bound, ring);
}

void PortWriter::end() {
  const auto guard = ring_lock();
  ring_->end();
}

}  // namespace vcengine::detail
