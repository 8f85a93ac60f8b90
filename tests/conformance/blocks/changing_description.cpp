/// Has other docs in each life.
#include <string>

#include <vcengine/block.hpp>

namespace {

int lives = 0;

struct Changing final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "Seen " + std::to_string(++lives) + " times"};

  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Changing>("conformance.changing", ""); }
