#include <vcengine/block.hpp>

namespace vcengine::test {

struct Add final : Block {
  In<Number> left{this, "left", "One number"};
  In<Number> right{this, "right", "The other, of the same stamp"};
  Out<Number> sum{this, "sum", "left + right"};

  void process() override { sum.publish(*left + *right); }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) { registry.add<vcengine::test::Add>("test.add", "Adds two numbers"); }
