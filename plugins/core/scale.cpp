#include <vcengine/block.hpp>

namespace vcengine::core {

struct Scale final : Block {
  In<Number> in{this, "in", "A number x"};
  Out<Number> out{this, "out", "factor * x + offset"};
  Param<double> factor{this, "factor", {.init = 1}, "What x is multiplied by"};
  Param<double> offset{this, "offset", {.init = 0}, "What is added then"};

  void process() override { out.publish(factor * *in + offset); }
};

}  // namespace vcengine::core

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::core::Scale>("core.scale", "Multiplies a number and adds to it");
}
