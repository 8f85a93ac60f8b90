#include <vcengine/block.hpp>

namespace vcengine::test {

/// Sends on what lies in a band, whose ends can only be changed to make one.
struct Band final : Block {
  In<Number> in{this, "in", "A number"};
  Out<Number> out{this, "out", "The width of the band while it was worked on"};
  Param<int> low{this, "low", {.min = 0, .max = 1000, .init = 10}, "Lower end"};
  Param<int> high{this, "high", {.min = 0, .max = 1000, .init = 20}, "Upper end"};

  void check() override {
    if (low > high) throw ParamError("'low' must not be above 'high'");
  }
  void process() override { out.publish(high - low); }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Band>("test.band", "Has two settings that must go together");
}
