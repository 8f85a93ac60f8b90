#include <vcengine/block.hpp>

namespace vcengine::test {

struct Times final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<Number> step{this, "step", "Media time since the frame before, in seconds"};
  Out<Number> now{this, "now", "The circuit's clock, in seconds"};

  void process() override {
    step.publish(std::chrono::duration<double>(dt()).count());
    now.publish(std::chrono::duration<double>(Block::now()).count());
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Times>("test.times", "Says what time it is for a block");
}
