/// Throws when it is constructed merely to be described.
#include <stdexcept>

#include <vcengine/block.hpp>

namespace {

struct Throwing final : vcengine::Block {
  Throwing() { throw std::runtime_error("no device"); }
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Throwing>("misbehaving.throwing", "Throws"); }
