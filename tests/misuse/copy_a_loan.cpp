// says: a loan is the right to one slot: pass it by std::move
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Gray8> out{this, "out", "A picture"};
  void process() override {
    auto picture = out.loan(cv::Size(4, 4));
#ifdef MISUSE
    auto other = picture;
#else
    auto other = std::move(picture);
#endif
    std::move(other).publish();
  }
};

Sender sender;
