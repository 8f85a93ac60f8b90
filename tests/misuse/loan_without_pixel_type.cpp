// says: an Out<Image> leaves the pixel type open: loan(size, image->type())
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Image> out{this, "out", "A picture"};
  void process() override {
#ifdef MISUSE
    auto picture = out.loan(cv::Size(4, 4));
#else
    auto picture = out.loan(cv::Size(4, 4), CV_16UC1);
#endif
    std::move(picture).publish();
  }
};

Sender sender;
