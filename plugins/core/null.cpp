#include <vcengine/block.hpp>

namespace vcengine::core {

struct Null final : Block {
  In<Any> in{this, "in", "Frames of any type"};

  void process() override {}
};

}  // namespace vcengine::core

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::core::Null>("core.null", "Takes frames and does nothing with them");
}
