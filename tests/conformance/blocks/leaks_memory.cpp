/// Forgets a little with each frame.
#include <cstddef>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};
  std::byte* forgotten_ = nullptr;

  void process() override {
    forgotten_ = new std::byte[100];
    forgotten_[0] = std::byte{1};
    out.publish(*in);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Sample>("conformance.leaks_memory", "Sends a number"); }
