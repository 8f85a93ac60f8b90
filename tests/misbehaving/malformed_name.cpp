#include <vcengine/block.hpp>

namespace {

struct Nameless final : vcengine::Block {
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Nameless>(std::string("Not A Name"), "Cannot be written in a circuit");
}
