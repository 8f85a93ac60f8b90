#include <chrono>

#include <vcengine/block.hpp>

namespace vcengine::test {

/// What no block should do: its result depends on when it runs.
struct WallClock final : Block {
  Out<Number> time{this, "time", "The last digits of the wall's clock, in nanoseconds"};
  Param<int> count{this, "count", {.min = 1, .init = 1}, "How many"};

  void process() override {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    time.publish(static_cast<double>(now.count() % 100'000));
    if (++sent_ == count) finish();
  }

 private:
  int sent_ = 0;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::WallClock>("test.wall_clock", "Says what time it is");
}
