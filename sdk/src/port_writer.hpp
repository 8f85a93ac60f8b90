#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "stamps_in_line.hpp"
#include "vcengine/block.hpp"
#include "vcengine/port.hpp"
#include "wire/ring.hpp"
#include "wire/slot_memory.hpp"
#include "wire/waiter.hpp"

namespace vcengine::detail {

class Admission;

/// Joins an output port to the ring of its pool: stamps frames, waits for space, counts.
class PortWriter final : public FrameWriter {
 public:
  /// `admission`: of a live source whose frames meet again; null: frames are published at once.
  PortWriter(const Block& block, StampsInLine& stamps, OutputBase& port,
             std::unique_ptr<wire::RingWriter> ring, wire::Waiter& waiter, bool of_source,
             bool tells_bound, Admission* admission);
  ~PortWriter() override;

  Slot loan(std::uint64_t size) override;
  void publish(Slot slot, FrameType type, std::array<std::uint32_t, 2> shape,
               std::uint64_t size) override;
  void give_back(Slot slot) noexcept override;
  bool forward(const FrameRef& frame) override;

  /// Before process(): `cause` is the sequence of the frame that triggers it, `stamp` its stamp.
  void begin(std::uint64_t cause, Stamp stamp);
  /// Before drain(): what is sent from now on is stamped no earlier than readers went on to.
  void begin_drain() noexcept { draining_ = true; }
  /// Tells readers that nothing below `bound` will come. With `ring`, wakes those who sleep.
  /// May anybody still look at what a predecessor published?
  bool inherited_in_use() { return ring_->inherited_in_use(); }
  /// Sequence of the frame that triggered what was published last.
  std::optional<std::uint64_t> last_cause() const { return ring_->last_cause(); }
  void advance_bound(std::int64_t bound, bool ring);
  void end();
  /// Anything since begin()?
  bool published() const noexcept { return published_ != 0; }
  /// The bound that readers know, or will as soon as what waits is let in.
  Stamp told() const noexcept { return Stamp{told_}; }
  /// The stamp of a frame that would follow those sent, as those follow each other; 0 if there are
  /// none.
  Stamp next_in_line() const noexcept;
  /// No frame with this stamp or a later one is sent.
  void limit_stamps(Stamp end) noexcept { end_stamp_ = end; }
  bool reached_limit() const noexcept { return reached_limit_; }

  /// For Admission, which holds its lock meanwhile.
  bool has_space() const noexcept { return ring_->has_space(); }
  void want_space(bool want) noexcept { ring_->want_space(want); }
  template <class Visit>
  void visit_release_bells(Visit visit) const {
    ring_->visit_release_bells(visit);
  }
  void publish_now(std::uint32_t slot, const FrameHeader& header);
  void tell_wanted();  ///< once all frames that waited are published
  void give_back_now(std::uint32_t slot) noexcept { ring_->give_back(slot); }

 private:
  bool must_stop() const noexcept;
  std::unique_lock<std::mutex> ring_lock() const;
  std::optional<std::uint32_t> try_loan();
  void check_stamp(Stamp stamp) const;
  std::optional<FrameHeader> next_header(FrameType type, std::array<std::uint32_t, 2> shape,
                                         std::uint64_t size);
  void wait_for_space();
  void see_to_memory(std::uint64_t size);
  void count(Stamp stamp);

  const Block& block_;
  StampsInLine& stamps_;
  OutputBase& port_;
  std::unique_ptr<wire::RingWriter> ring_;
  wire::Waiter& waiter_;
  Admission* const admission_;
  const bool of_source_;
  const bool tells_bound_;  // somebody needs it
  const std::uint32_t delayed_;
  std::uint64_t cause_ = 0;
  std::uint64_t published_ = 0;  // by this process()
  std::uint32_t loaned_ = 0;
  wire::WriterSlotMemory memory_;
  Stamp last_stamp_{0};
  std::optional<Stamp> end_stamp_;
  const bool over_;  // a predecessor has said so
  bool reached_limit_ = false;
  bool draining_ = false;
  std::int64_t told_ = 0;                 // to our readers, or as soon as what waits is let in
  std::int64_t wanted_ = 0;               // to be told, once no frame below it waits for admission
  std::deque<std::int64_t> may_be_kept_;  // stamps of the last `delayed_` triggers
};

}  // namespace vcengine::detail
