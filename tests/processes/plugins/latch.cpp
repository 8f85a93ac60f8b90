#include <chrono>
#include <filesystem>
#include <thread>
#include <vcengine/block.hpp>

namespace vcengine::test {

struct Latch final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{this, "out", {"in"}, "The same, later"};
  Param<Path> shut{this, "shut", {.init = "shut"}, "It works on a frame while there is this file"};

  void process() override {
    while (std::filesystem::exists(shut->string())) {
      std::this_thread::sleep_for(
          std::chrono::milliseconds(1));  // deaf to the host, as who computes
    }
    out.publish(in);
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Latch>("test.latch", "Is at one frame for as long as it is told to");
}
