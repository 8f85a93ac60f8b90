#pragma once

#include <cstdint>
#include <memory>

#include "vcengine/block.hpp"
#include "vcengine/port.hpp"
#include "wire/ring.hpp"
#include "wire/waiter.hpp"

namespace vcengine::detail {

/// Joins an output port to the ring of its pool: stamps frames, waits for space, counts.
class PortWriter final : public FrameWriter {
 public:
  PortWriter(const Block& block, OutputBase& port, std::unique_ptr<wire::RingWriter> ring,
             wire::Waiter& waiter, bool of_source, bool feeds_join);
  ~PortWriter() override;

  Slot loan(std::uint64_t size) override;
  void publish(Slot slot, FrameType type, std::array<std::uint32_t, 2> shape,
               std::uint64_t size) override;
  void give_back(Slot slot) noexcept override;

  /// Before process(): `cause` is the sequence of the frame that triggers it.
  void begin(std::uint64_t cause) noexcept;
  /// Tells readers that nothing below `bound` will come. With `ring`, wakes those who sleep.
  void advance_bound(std::int64_t bound, bool ring);
  void end();
  /// Anything since begin()?
  bool published() const noexcept { return published_ != 0; }

 private:
  bool must_stop() const noexcept;

  const Block& block_;
  OutputBase& port_;
  std::unique_ptr<wire::RingWriter> ring_;
  wire::Waiter& waiter_;
  const bool of_source_;
  const bool tells_bound_;  // somebody needs it, and it is true (Delayed: frames come later)
  std::uint64_t cause_ = 0;
  std::uint64_t published_ = 0;  // by this process()
  std::uint32_t loaned_ = 0;
  Stamp last_stamp_{0};
};

}  // namespace vcengine::detail
