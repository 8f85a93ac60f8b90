/// Two settings that only go together: refused in words that name the other one.
#include <stdexcept>

#include <vcengine/block.hpp>

namespace {

struct LowAboveHigh final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Param<int> low{this, "low", {.min = 0, .max = 9, .init = 2}, "Lower limit"};
  vcengine::Param<int> high{this, "high", {.min = 0, .max = 9, .init = 7}, "Upper limit"};

  void start() override {
    if (low > high) throw std::runtime_error("'low' must not be above 'high'");
  }
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<LowAboveHigh>("conformance.low_above_high", "Limits a number");
}
