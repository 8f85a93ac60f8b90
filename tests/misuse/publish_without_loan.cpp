// says: A picture: `auto picture = out.loan(size);`, fill *picture, `std::move(picture).publish();`
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Gray8> out{this, "out", "A picture"};
  void process() override {
#ifdef MISUSE
    out.publish();
#else
    auto picture = out.loan(cv::Size(4, 4));
    std::move(picture).publish();
#endif
  }
};

Sender sender;
