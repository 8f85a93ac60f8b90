/// Catches everything.
#include <cstdio>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};

  void process() override {
    try {
      out.publish(*in);
    } catch (...) {
      std::fputs("never mind\n", stderr);
    }
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.swallows_stopping", "Sends a number");
}
