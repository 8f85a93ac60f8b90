/// Writes where it has opened nothing.
#include <unistd.h>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};

  void process() override {
    [[maybe_unused]] const auto written = ::write(3, "hello\n", 6);
    out.publish(*in);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.writes_to_descriptor_3", "Sends a number");
}
