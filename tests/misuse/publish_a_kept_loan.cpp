// says: publishing ends the loan: write std::move(picture).publish()
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Gray8> out{this, "out", "A picture"};
  void process() override {
    auto picture = out.loan(cv::Size(4, 4));
#ifdef MISUSE
    picture.publish();
#else
    std::move(picture).publish();
#endif
  }
};

Sender sender;
