/// Passes frames on, but for every k-th: that one costs an exception.
#include <stdexcept>
#include <string>

#include <vcengine/block.hpp>

namespace {

struct ThrowsEvery final : vcengine::Block {
  vcengine::In<vcengine::Any> in{this, "in", "Anything"};
  vcengine::Out<vcengine::SameAs> out{this, "out", {"in"}, "The same frames without every k-th"};
  vcengine::Param<int> k{this, "k", {.min = 1, .init = 10}, "Throws at frames k, 2k, 3k …"};

  void process() override {
    ++frames_;
    if (frames_ % k == 0) throw std::runtime_error("do not like frame " + std::to_string(frames_));
    out.publish(in);
  }

 private:
  int frames_ = 0;
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<ThrowsEvery>("misbehaving.throws_every", "Throws now and then");
}
