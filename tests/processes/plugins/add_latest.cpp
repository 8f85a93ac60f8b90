#include <vcengine/block.hpp>

namespace vcengine::test {

struct AddLatest final : Block {
  In<Number> in{this, "in", "A number"};
  Latest<Number> latest{this, "latest", "What is added to it"};
  Out<Number> out{this, "out", "in + latest"};
  Param<double> before{this, "before", {.init = 0}, "Added before the first latest"};
  Param<bool> insist{this, "insist", {.init = false}, "Reads `latest` even if there is none yet"};

  void process() override { out.publish(*in + (insist ? *latest : latest.value_or(before))); }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::AddLatest>("test.add_latest",
                                          "Adds the newest number to each other");
}
