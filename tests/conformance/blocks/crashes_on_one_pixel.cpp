/// Believes that a picture has a neighbourhood.
#include <csignal>

#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Gray8> in{this, "in", "A picture"};
  vcengine::Out<vcengine::Gray8> out{this, "out", "The same"};

  void process() override {
    if (in->total() == 1) std::raise(SIGSEGV);
    out.publish(*in);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.crashes_on_one_pixel", "Sends pictures on");
}
