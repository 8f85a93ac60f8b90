#include <chrono>
#include <thread>
#include <vcengine/block.hpp>

namespace vcengine::test {

/// As a camera does: waits inside its device for the next frame, whoever needs it or not. The
/// stamp is the frame's place in an ideal clock, its birth the moment it came.
struct Beat final : Block {
  Out<Number> beat{this, "beat", "0, 1, 2 …"};
  Param<double> rate{this, "rate", {.min = 0.001, .max = 100000, .init = 30}, "Frames a second"};
  Param<std::int64_t> count{this, "count", {.min = 0, .init = 0}, "How many; 0: without end"};
  Param<std::chrono::nanoseconds> phase{this, "phase", {}, "Stamp of the first frame"};

  void process() override {
    using Clock = std::chrono::steady_clock;
    if (sent_ == 0) begin_ = Clock::now();
    const auto time = stamps_.next(rate) + phase.get();
    std::this_thread::sleep_until(begin_ + time);
    set_stamp(time, Clock::now().time_since_epoch());
    beat.publish(static_cast<double>(sent_++));
    if (sent_ == count) finish();
  }

 private:
  RateStamps stamps_;
  std::chrono::steady_clock::time_point begin_;
  std::int64_t sent_ = 0;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Beat>("test.beat", "Beats like a camera", {.live = true});
}
