/// Gives up for good when a frame cannot be sent.
#include <stdexcept>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};
  bool broken_ = false;

  void process() override {
    if (broken_) throw std::runtime_error("still broken");
    broken_ = true;  // until it is through
    out.publish(*in);
    broken_ = false;
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Sample>("conformance.never_recovers", "Sends a number"); }
