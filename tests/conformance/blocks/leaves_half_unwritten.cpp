/// Fills the upper half of what it sends.
#include <csignal>

#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Gray8> in{this, "in", "A picture"};
  vcengine::Out<vcengine::Gray8> out{this, "out", "The same"};

  void process() override {
    auto picture = out.loan(in->size());
    const auto rows = in->rows / 2;
    in->rowRange(0, rows).copyTo(picture->rowRange(0, rows));
    std::move(picture).publish();
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.leaves_half_unwritten", "Sends pictures on");
}
