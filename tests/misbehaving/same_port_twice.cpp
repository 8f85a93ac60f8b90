/// Two inputs of one name: a wire could not say which.
#include <vcengine/block.hpp>

namespace {

struct Ambiguous final : vcengine::Block {
  vcengine::In<vcengine::Number> left{this, "in", "One"};
  vcengine::In<vcengine::Number> right{this, "in", "The other"};
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Ambiguous>("misbehaving.ambiguous", "Has one name twice");
}
