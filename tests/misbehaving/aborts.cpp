/// Passes frames on, and aborts at the frame asked for, as a failed assertion does.
#include <cstdlib>

#include <vcengine/block.hpp>

namespace {

struct Aborts final : vcengine::Block {
  vcengine::In<vcengine::Any> in{this, "in", "Anything"};
  vcengine::Out<vcengine::SameAs> out{this, "out", {"in"}, "The same frames"};
  vcengine::Param<int> at{this, "at", {.min = 1, .init = 1}, "Aborts at this frame"};

  void process() override {
    if (++frames_ == at) std::abort();
    out.publish(in);
  }

 private:
  int frames_ = 0;
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Aborts>("misbehaving.aborts", "Aborts in mid-stream"); }
