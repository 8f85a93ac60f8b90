#include <vcengine/block.hpp>

namespace vcengine::core {

/// Counts as fast as its wires let it, or at the `rate:` that the circuit gives it.
struct Counter final : Block {
  Out<Number> number{this, "number", "first, first + step, first + 2 step …"};
  Param<double> first{this, "first", {.init = 1}, "The first number"};
  Param<double> step{this, "step", {.init = 1}, "What each number is larger than the one before"};
  Param<std::int64_t> count{this, "count", {.min = 0, .init = 0}, "How many; 0: without end"};
  State<std::int64_t> sent{this, "sent", 0};

  void process() override {
    if (count != 0 && sent >= count) return finish();  // the last one was a predecessor's
    number.publish(first + step * static_cast<double>(sent));
    ++*sent;
    if (count == 0) return;
    report_progress(static_cast<std::uint64_t>(sent.get()),
                    static_cast<std::uint64_t>(count.get()));
    if (sent >= count) finish();
  }
};

}  // namespace vcengine::core

VCENGINE_PLUGIN(registry) { registry.add<vcengine::core::Counter>("core.counter", "Counts"); }
