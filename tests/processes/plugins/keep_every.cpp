#include <vcengine/block.hpp>

namespace vcengine::test {

struct KeepEvery final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{this, "out", {"in"}, "The n-th, 2n-th, 3n-th of them"};
  Param<int> n{this, "n", {.min = 1, .init = 1}, "How many are skipped, and one"};
  Param<std::chrono::nanoseconds> pause{this, "pause", {}, "How long it takes over each frame"};

  void process() override {
    if (pause->count() > 0) sleep_for(pause);
    if (++seen_ % n == 0) out.publish(in);
  }

 private:
  int seen_ = 0;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::KeepEvery>("test.keep_every", "Skips frames");
}
