/// Ends the process.
#include <cstdlib>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};
  int frames_ = 0;

  void process() override {
    if (++frames_ == 3) std::_Exit(0);
    out.publish(*in);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Sample>("conformance.exits", "Sends a number"); }
