#include <chrono>
#include <thread>
#include <vcengine/block.hpp>

namespace vcengine::test {

struct SlowStart final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{this, "out", {"in"}, "The same"};
  Param<std::chrono::nanoseconds> time{this, "time", {}, "How long its start() takes"};

  void start() override { std::this_thread::sleep_for(time.get()); }  // as a model that is loaded
  void process() override { out.publish(in); }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::SlowStart>("test.slow_start", "Takes its time to start");
}
