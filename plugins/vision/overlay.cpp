#include <opencv2/core.hpp>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::vision {

struct Overlay final : Block {
  In<Bgr8> image{this, "image", "The picture below"};
  In<Image> over{this, "over",
                 "What lies over it: a mask (8-bit, one channel), painted where it is not 0, or a "
                 "colour picture, blended; of the same size"};
  Out<Bgr8> overlaid{this, "overlaid", "The two in one"};
  Param<double> alpha{this,
                      "alpha",
                      {.min = 0, .max = 1, .init = 0.5},
                      "How much of a colour picture shows: 0 nothing of it, 1 nothing else"};
  Param<int> red{this, "red", {.min = 0, .max = 255, .init = 0}, "Red of the paint for a mask"};
  Param<int> green{this, "green", {.min = 0, .max = 255, .init = 255}, "Green of the paint"};
  Param<int> blue{this, "blue", {.min = 0, .max = 255, .init = 0}, "Blue of the paint"};

  void process() override {
    if (over->size() != image->size()) {
      throw FrameError("'image' is " + describe(*image) + " but 'over' is " + describe(*over) +
                       "; both must have one size");
    }
    auto picture = overlaid.loan(image->size());
    if (over->type() == CV_8UC1) {
      image->copyTo(*picture);
      picture->setTo(cv::Scalar(blue, green, red), *over);
    } else if (over->type() == CV_8UC3) {
      cv::addWeighted(*image, 1 - alpha, *over, alpha, 0, *picture);
    } else {
      throw FrameError(
          "'over' is " + to_string(over.header().type) +
          "; a mask (image 8UC1) or a colour picture (image 8UC3) can lie over another");
    }
    std::move(picture).publish();
  }

 private:
  static std::string describe(const cv::Mat& mat) {
    return std::to_string(mat.cols) + "x" + std::to_string(mat.rows);
  }
};

}  // namespace vcengine::vision

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::vision::Overlay>(
      "vision.overlay", "Paints a mask or blends a second picture over the first");
}
