#include <opencv2/imgproc.hpp>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::vision {

/// Hue is in OpenCV's half degrees (red 0, green 60, blue 120, red again 179), as cv::cvtColor
/// gives it.
struct ColorFilter final : Block {
  In<Bgr8> image{this, "image", "Frame to filter"};
  Out<Bgr8> filtered{this, "filtered", "The frame, black where the colour is outside the range"};
  Param<int> hue_low{this,
                     "hue_low",
                     {.min = 0, .max = 179, .init = 0},
                     "First hue kept, in half degrees; above hue_high the range wraps around red"};
  Param<int> hue_high{this, "hue_high", {.min = 0, .max = 179, .init = 179}, "Last hue kept"};
  Param<int> saturation_low{
      this, "saturation_low", {.min = 0, .max = 255, .init = 0}, "Paler colours are removed"};
  Param<int> saturation_high{
      this, "saturation_high", {.min = 0, .max = 255, .init = 255}, "Stronger colours are removed"};
  Param<int> value_low{
      this, "value_low", {.min = 0, .max = 255, .init = 0}, "Darker pixels are removed"};
  Param<int> value_high{
      this, "value_high", {.min = 0, .max = 255, .init = 255}, "Brighter pixels are removed"};

  void process() override {
    auto picture = filtered.loan(image->size());
    cv::cvtColor(*image, hsv_, cv::COLOR_BGR2HSV);
    if (hue_low <= hue_high) {
      keep_hues(hue_low, hue_high, mask_);
    } else {
      keep_hues(hue_low, 179, mask_);
      keep_hues(0, hue_high, wrapped_);
      cv::bitwise_or(mask_, wrapped_, mask_);
    }
    picture->setTo(cv::Scalar::all(0));  // bitwise_and leaves pixels outside its mask alone
    cv::bitwise_and(*image, *image, *picture, mask_);
    std::move(picture).publish();
  }

 private:
  void keep_hues(int low, int high, cv::Mat& mask) const {
    cv::inRange(hsv_, cv::Scalar(low, saturation_low, value_low),
                cv::Scalar(high, saturation_high, value_high), mask);
  }

  cv::Mat hsv_, mask_, wrapped_;  // kept only to save allocations
};

}  // namespace vcengine::vision

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::vision::ColorFilter>("vision.color_filter",
                                              "Keeps a range of colours and blackens the rest");
}
