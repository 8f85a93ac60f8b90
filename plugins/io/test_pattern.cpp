#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::io {

/// Draws its frame number, from 0, for people in digits and for machines as squares. At the top
/// edge, from the left, one square for each of 32 bits, the lowest first: white is 1, black is 0;
/// below it one square of the opposite colour. The same two rows stand at the bottom edge, so that
/// a picture torn between two frames shows. A square is min(16, width / 32, height / 6) pixels
/// wide.
struct TestPattern final : Block {
  Out<Bgr8> frames{this, "frames", "A picture that moves and carries its number"};
  Param<int> width{this, "width", {.min = 64, .max = 16384, .init = 640}, "Pixels a row"};
  Param<int> height{this, "height", {.min = 48, .max = 16384, .init = 480}, "Rows"};
  Param<double> rate{this,
                     "rate",
                     {.min = 0.001, .max = 100000, .init = 30},
                     "Frames a second: makes the stamps, and the pace of a paced circuit"};
  Param<std::int64_t> count{this, "frames", {.min = 0, .init = 0}, "How many; 0: without end"};

  struct Next {
    std::int64_t number = 0;
    RateStamps stamps;
  };
  State<Next> next{this, "next"};

  void start() override { next_ = next; }

  void process() override {
    if (count != 0 && next_.number == count) return finish();  // the last was a predecessor's
    const auto due = next_.stamps.next(rate);
    pace(due);
    set_stamp(due);
    const auto number = next_.number++;
    if (next_.number == count) finish();

    auto picture = frames.loan(cv::Size(width, height));
    draw_background(*picture);
    draw_motion(*picture, number);
    draw_digits(*picture, number);
    draw_bits(*picture, static_cast<std::uint32_t>(number));
    std::move(picture).publish();
    if (count > 0) {
      report_progress(static_cast<std::uint64_t>(next_.number),
                      static_cast<std::uint64_t>(count.get()));
    }
    next = next_;
  }

 private:
  void draw_background(cv::Mat& picture) {
    if (background_.size() !=
        picture.size()) {  // eight bars of the primary colours and their mixtures
      background_.create(picture.size(), CV_8UC3);
      for (int bar = 0; bar < 8; ++bar) {
        const cv::Scalar color((bar & 1) != 0 ? 180 : 40, (bar & 4) != 0 ? 180 : 40,
                               (bar & 2) != 0 ? 180 : 40);
        const int left = background_.cols * bar / 8;
        const int right = background_.cols * (bar + 1) / 8;
        background_.colRange(left, right).setTo(color);
      }
    }
    background_.copyTo(picture);
  }

  static void draw_motion(cv::Mat& picture, std::int64_t number) {
    const int radius = std::max(4, picture.rows / 10);
    const auto x = number * std::max(1, picture.cols / 160) % picture.cols;
    cv::circle(picture, {static_cast<int>(x), picture.rows * 3 / 4}, radius, {255, 255, 255},
               cv::FILLED);
  }

  static void draw_digits(cv::Mat& picture, std::int64_t number) {
    const auto text = std::to_string(number);
    const double scale = picture.rows / 120.0;
    const int thickness = std::max(1, picture.rows / 80);
    const cv::Point at(picture.cols / 16, picture.rows / 2);
    cv::putText(picture, text, at, cv::FONT_HERSHEY_SIMPLEX, scale, {0, 0, 0}, 3 * thickness);
    cv::putText(picture, text, at, cv::FONT_HERSHEY_SIMPLEX, scale, {255, 255, 255}, thickness);
  }

  static void draw_bits(cv::Mat& picture, std::uint32_t number) {
    const int side = std::min({16, picture.cols / 32, picture.rows / 6});
    for (int bit = 0; bit < 32; ++bit) {
      const auto color = cv::Scalar::all((number >> bit & 1U) != 0 ? 255 : 0);
      const auto opposite = cv::Scalar::all(255) - color;
      for (const int top : {0, picture.rows - 2 * side}) {
        picture(cv::Rect(bit * side, top, side, side)).setTo(color);
        picture(cv::Rect(bit * side, top + side, side, side)).setTo(opposite);
      }
    }
  }

  Next next_;  ///< frames that could not be sent are behind it
  cv::Mat background_;
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::TestPattern>("io.test_pattern",
                                          "Draws moving pictures that carry their number");
}
