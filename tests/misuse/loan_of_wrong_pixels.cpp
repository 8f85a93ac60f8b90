// says: the port's type says what its pixels are: loan(size), or declare the port as Out<Image>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Gray8> out{this, "out", "A picture"};
  void process() override {
#ifdef MISUSE
    auto picture = out.loan(cv::Size(4, 4), CV_8UC3);
#else
    auto picture = out.loan(cv::Size(4, 4));
#endif
    std::move(picture).publish();
  }
};

Sender sender;
