/// More than its status page has room for.
#include <array>
#include <vcengine/block.hpp>

namespace {

struct Hoarder final : vcengine::Block {
  vcengine::State<std::array<double, 500>> table{this, "table"};
  vcengine::State<std::array<double, 125>> sums{this, "sums"};
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Hoarder>("misbehaving.hoarder", "Keeps more than it may");
}
