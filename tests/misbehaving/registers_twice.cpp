/// Registers one name for two blocks.
#include <vcengine/block.hpp>

namespace {

struct First final : vcengine::Block {
  void process() override {}
};
struct Second final : vcengine::Block {
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<First>("misbehaving.twin", "The first one");
  registry.add<Second>("misbehaving.twin", "The second one");
}
