#include <opencv2/imgproc.hpp>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::vision {

struct EdgeDetector final : Block {
  In<Bgr8> image{this, "image", "Frame to search for edges"};
  Out<Gray8> edges{this, "edges", "Mask of the same size: 255 on an edge, 0 elsewhere"};
  Param<int> low{this, "low", {.min = 0, .max = 1000, .init = 85}, "Gradients below: never edges"};
  Param<int> high{this, "high", {.min = 0, .max = 1000, .init = 255}, "Gradients above: always"};
  cv::Mat gray;  // kept only to save an allocation per frame

  void process() override {
    auto mask = edges.loan(image->size());  // a cv::Mat over the wire's own memory
    cv::cvtColor(*image, gray, cv::COLOR_BGR2GRAY);
    cv::Canny(gray, *mask, low, high);
    std::move(mask).publish();  // dropped instead if anything above threw
  }
};

VCENGINE_PLUGIN(registry) {
  registry.add<EdgeDetector>("vision.edge_detector", "Marks edges with Canny's method");
}
}  // namespace vcengine::vision
