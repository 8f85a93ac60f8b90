#include <opencv2/imgproc.hpp>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Invert final : vcengine::Block {
  vcengine::In<vcengine::Bgr8> image{this, "image", "Picture to invert"};
  vcengine::Out<vcengine::Gray8> inverted{this, "inverted", "Its grey values, 255 for black"};

  void process() override {
    auto result = inverted.loan(image->size());
    cv::cvtColor(*image, *result, cv::COLOR_BGR2GRAY);
    cv::bitwise_not(*result, *result);
    std::move(result).publish();
  }
};

VCENGINE_PLUGIN(registry) { registry.add<Invert>("outside.invert", "Inverts grey values"); }
