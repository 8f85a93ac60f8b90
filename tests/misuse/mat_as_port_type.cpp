// says: this is no port type. Pictures: include <vcengine/image.hpp>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Taker final : vcengine::Block {
#ifdef MISUSE
  vcengine::In<cv::Mat> in{this, "in", "A picture"};
#else
  vcengine::In<vcengine::Image> in{this, "in", "A picture"};
#endif
  void process() override {}
};

Taker taker;
