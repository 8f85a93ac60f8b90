#include <chrono>
#include <opencv2/core.hpp>
#include <thread>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::bench {

/// Pictures that come as a camera's do: it waits inside its device for the next, whoever needs it
/// or not. Each is born the moment it lies in its slot.
struct Camera final : Block {
  Out<Bgr8> frames{this, "frames", "Grey pictures, each a little brighter than the one before"};
  Param<int> width{this, "width", {.min = 1, .max = 16384, .init = 1920}, "Pixels a row"};
  Param<int> height{this, "height", {.min = 1, .max = 16384, .init = 1080}, "Rows"};
  Param<double> rate{this, "rate", {.min = 0.001, .max = 1e6, .init = 30}, "Frames a second"};
  Param<std::int64_t> count{this, "count", {.min = 0, .init = 0}, "How many; 0: without end"};
  Param<bool> whole{
      this, "whole", {.init = true}, "Write every row; otherwise the first: nobody reads the rest"};

  void process() override {
    using Clock = std::chrono::steady_clock;
    if (sent_ == 0) begin_ = Clock::now();
    const auto time = stamps_.next(rate);
    std::this_thread::sleep_until(begin_ + time);
    auto picture = frames.loan(cv::Size(width, height));
    cv::Mat rows = whole ? *picture : picture->row(0);
    rows.setTo(cv::Scalar::all(static_cast<double>(sent_ % 256)));
    set_stamp(time, Clock::now().time_since_epoch());
    std::move(picture).publish();
    if (++sent_ == count) finish();
  }

 private:
  RateStamps stamps_;
  std::chrono::steady_clock::time_point begin_;
  std::int64_t sent_ = 0;
};

}  // namespace vcengine::bench

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::bench::Camera>("bench.camera", "Makes pictures as a camera does",
                                        {.live = true});
}
