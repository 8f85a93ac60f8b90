/// Cannot end well.
#include <stdexcept>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};

  void stop() override { throw std::runtime_error("the lid is open"); }
  void process() override { out.publish(*in); }
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Sample>("conformance.throws_in_stop", "Sends a number"); }
