#include <chrono>
#include <thread>
#include <vcengine/block.hpp>

namespace vcengine::test {

struct Work final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{this, "out", {"in"}, "The same"};
  Param<std::chrono::nanoseconds> time{this, "time", {}, "How long it is at work on each frame"};

  void process() override {
    std::this_thread::sleep_for(time.get());  // as for a device that computes
    out.publish(in);
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) { registry.add<vcengine::test::Work>("test.work", "Takes its time"); }
