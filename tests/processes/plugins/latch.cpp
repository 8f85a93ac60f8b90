#include <vcengine/block.hpp>

#include "tests/processes/plugins/wait_while.hpp"

namespace vcengine::test {

struct Latch final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{this, "out", {"in"}, "The same, later"};
  Param<Path> shut{this, "shut", {.init = "shut"}, "It works on a frame while there is this file"};

  void process() override {
    wait_while(shut->string());
    out.publish(in);
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Latch>("test.latch", "Is at one frame for as long as it is told to");
}
