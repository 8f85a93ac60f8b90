/// Crashes where its range still allows it.
#include <csignal>
#include <cstdio>

#include <vcengine/block.hpp>

namespace {

struct CrashesAtMaximum final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Param<int> size{this, "size", {.min = 1, .max = 100, .init = 3}, "Of a window"};

  void process() override {
    if (size < 100) return;
    std::fputs("the window is larger than the house\n", stderr);
    std::raise(SIGSEGV);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<CrashesAtMaximum>("conformance.crashes_at_maximum", "Crashes in process()");
}
