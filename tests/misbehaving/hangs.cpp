/// Passes frames on, and never returns at the frame asked for, asleep or spinning; deaf to the
/// circuit's stop.
#include <unistd.h>

#include <vcengine/block.hpp>

namespace {

struct Hangs final : vcengine::Block {
  vcengine::In<vcengine::Any> in{this, "in", "Anything"};
  vcengine::Out<vcengine::SameAs> out{this, "out", {"in"}, "The same frames"};
  vcengine::Param<int> at{this, "at", {.min = 1, .init = 1}, "Hangs at this frame"};
  vcengine::Param<bool> spins{this, "spins", {.init = false}, "It keeps a core busy meanwhile"};

  void process() override {
    if (++frames_ == at) {
      while (spins) rounds_ = rounds_ + 1;
      while (true) ::pause();
    }
    out.publish(in);
  }

 private:
  int frames_ = 0;
  volatile unsigned rounds_ = 0;
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Hangs>("misbehaving.hangs", "Hangs in mid-stream"); }
