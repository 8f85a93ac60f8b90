/// Takes the size of a strange picture for that of all others.
#include <csignal>

#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Gray8> in{this, "in", "A picture"};
  vcengine::Out<vcengine::Gray8> out{this, "out", "The same"};
  int limit_ = 1 << 20;

  void process() override {
    if (in->cols < 3) limit_ = 3;
    if (in->cols > limit_) throw vcengine::FrameError("larger than the one before");
    out.publish(*in);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.forgets_how_to_work", "Sends pictures on");
}
