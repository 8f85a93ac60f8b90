/// Halves the width until it is even, in the wrong order.
#include <csignal>

#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Gray8> in{this, "in", "A picture"};
  vcengine::Out<vcengine::Gray8> out{this, "out", "The same"};

  void process() override {
    volatile unsigned width = static_cast<unsigned>(in->cols);
    while (width % 2 != 0) width = width + 2;
    out.publish(*in);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.hangs_on_odd_sizes", "Sends pictures on");
}
