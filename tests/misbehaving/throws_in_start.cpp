/// Cannot start.
#include <stdexcept>

#include <vcengine/block.hpp>

namespace {

struct ThrowsInStart final : vcengine::Block {
  vcengine::In<vcengine::Any> in{this, "in", "Anything"};

  void start() override { throw std::runtime_error("the device is on fire"); }
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<ThrowsInStart>("misbehaving.throws_in_start", "Throws in start()");
}
