#include <vcengine/block.hpp>

namespace vcengine::core {

/// Counts as fast as its wires let it, or at the `rate:` that the circuit gives it.
struct Counter final : Block {
  Out<Number> number{this, "number", "first, first + step, first + 2 step …"};
  Param<double> first{this, "first", {.init = 1}, "The first number"};
  Param<double> step{this, "step", {.init = 1}, "What each number is larger than the one before"};
  Param<std::int64_t> count{this, "count", {.min = 0, .init = 0}, "How many; 0: without end"};

  void process() override {
    number.publish(first + step * static_cast<double>(sent_));
    ++sent_;
    if (count == 0) return;
    report_progress(static_cast<std::uint64_t>(sent_), static_cast<std::uint64_t>(count.get()));
    if (sent_ >= count) finish();
  }

 private:
  std::int64_t sent_ = 0;
};

}  // namespace vcengine::core

VCENGINE_PLUGIN(registry) { registry.add<vcengine::core::Counter>("core.counter", "Counts"); }
