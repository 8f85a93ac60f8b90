/// Two settings that only go together: refused in words that name the other one.
#include <vcengine/block.hpp>

namespace {

struct LowAboveHigh final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Param<int> low{this, "low", {.min = 0, .max = 9, .init = 2}, "Lower limit"};
  vcengine::Param<int> high{this, "high", {.min = 0, .max = 9, .init = 7}, "Upper limit"};

  void check() override {
    if (low > high) throw vcengine::ParamError("'low' must not be above 'high'");
  }
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<LowAboveHigh>("conformance.low_above_high", "Limits a number");
}
