#include <vcengine/block.hpp>

namespace vcengine::test {

struct Toggle final : Block {
  In<Any> in{this, "in", "Frames to count"};
  Out<Number> out{this, "out", "1 for the first n frames, 0 for the next n, then 1 …"};
  Param<int> n{this, "n", {.min = 1, .init = 10}, "Frames"};

  void process() override { out.publish(seen_++ / n % 2 == 0 ? 1 : 0); }

 private:
  int seen_ = 0;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Toggle>("test.toggle", "Says yes, no, yes, no");
}
