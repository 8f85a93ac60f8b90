/// Keeps every frame it was ever given.
#include <vector>

#include <vcengine/block.hpp>

namespace {

struct HoldsFrames final : vcengine::Block {
  vcengine::In<vcengine::Any> in{this, "in", "Anything"};

  void process() override { kept_.push_back(*in); }

 private:
  std::vector<vcengine::FrameRef> kept_;
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<HoldsFrames>("misbehaving.holds_frames", "Keeps more frames than a wire allows");
}
