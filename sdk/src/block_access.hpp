#pragma once

#include <utility>
#include <vector>

#include "vcengine/block.hpp"

namespace vcengine::detail {

/// The runner's and the describer's way to what a block keeps to itself.
class BlockAccess {
 public:
  static std::vector<InputBase*>& inputs(Block& block) { return block.inputs_; }
  static std::vector<InputsBase*>& many_inputs(Block& block) { return block.many_inputs_; }
  static std::vector<OutputBase*>& outputs(Block& block) { return block.outputs_; }
  static std::vector<ParamBase*>& params(Block& block) { return block.params_; }
  static std::vector<StateBase*>& states(Block& block) { return block.states_; }

  static void set_runtime(Block& block, Runtime* runtime) { block.runtime_ = runtime; }
  /// The circuit's clock; a fake one in a harness.
  static std::chrono::steady_clock::time_point now(const Block& block) noexcept {
    return block.runtime_ != nullptr ? block.runtime_->now() : std::chrono::steady_clock::now();
  }
  static CircuitClock clock(const Block& block) noexcept {
    return block.runtime_ != nullptr ? block.runtime_->clock() : CircuitClock{};
  }
  static FrameWriter* writer(OutputBase& output) { return output.writer_; }
  static bool finished(const Block& block) { return block.finished_; }
  static std::chrono::milliseconds idle_period(const Block& block) { return block.idle_period_; }

  /// Before process(): what its frames inherit. A source may say otherwise with set_stamp().
  static void set_times(Block& block, Stamp stamp, std::optional<Born> born) {
    block.stamp_ = stamp;
    block.born_ = born;
    block.stamp_set_ = false;
  }
  /// The circuit stood still for so long: what pace() waits for is due as much later.
  static void hold_back_pace(Block& block, std::chrono::nanoseconds time) {
    if (block.pace_origin_) *block.pace_origin_ += time;
  }
  /// After process(): what the next dt() counts from.
  static void end_call(Block& block) { block.previous_stamp_ = block.stamp_; }
  static Stamp stamp(const Block& block) { return block.stamp_; }
  static bool stamp_set(const Block& block) { return block.stamp_set_; }
  static std::optional<Born> born(const Block& block) { return block.born_; }
};

}  // namespace vcengine::detail
