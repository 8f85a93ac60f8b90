// says: the Mat's pixels are not those of this port: Bgr8 sends cv::Mat3b, Gray8 cv::Mat1b
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Gray8> out{this, "out", "A picture"};
  void process() override {
#ifdef MISUSE
    out.publish(cv::Mat3b(4, 4));
#else
    out.publish(cv::Mat1b(4, 4));
#endif
  }
};

Sender sender;
