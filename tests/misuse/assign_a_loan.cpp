// says: loan anew instead: auto other = out.loan(size)
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Gray8> out{this, "out", "A picture"};
  void process() override {
    auto picture = out.loan(cv::Size(4, 4));
    auto other = out.loan(cv::Size(2, 2));
#ifdef MISUSE
    other = picture;
#endif
    std::move(other).publish();
  }
};

Sender sender;
