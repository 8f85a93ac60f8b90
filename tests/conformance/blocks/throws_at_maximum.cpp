/// Its range says more than it can do.
#include <stdexcept>

#include <vcengine/block.hpp>

namespace {

struct ThrowsAtMaximum final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Param<int> size{this, "size", {.min = 1, .max = 100, .init = 3}, "Of a window"};

  void start() override {
    if (size > 50) throw std::runtime_error("no window is that large");
  }
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<ThrowsAtMaximum>("conformance.throws_at_maximum", "Throws in start()");
}
