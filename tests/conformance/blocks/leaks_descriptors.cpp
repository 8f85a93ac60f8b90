/// Opens a file for each frame.
#include <fcntl.h>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};

  void process() override {
    [[maybe_unused]] const auto file = ::open("/dev/null", O_RDONLY);
    out.publish(*in);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.leaks_descriptors", "Sends a number");
}
