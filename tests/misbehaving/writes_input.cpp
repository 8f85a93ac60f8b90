/// Passes frames on, and writes into its input at the frame asked for: the picture of a neighbour.
#include <vcengine/block.hpp>

namespace {

struct WritesInput final : vcengine::Block {
  vcengine::In<vcengine::Any> in{this, "in", "Anything that is not empty"};
  vcengine::Out<vcengine::SameAs> out{this, "out", {"in"}, "The same frames"};
  vcengine::Param<int> at{this, "at", {.min = 1, .init = 1}, "Writes at this frame"};

  void process() override {
    if (++frames_ == at)
      *const_cast<volatile std::byte*>(in.frame().payload().data()) = std::byte{7};
    out.publish(in);
  }

 private:
  int frames_ = 0;
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<WritesInput>("misbehaving.writes_input", "Writes to its input");
}
