#include <sstream>
#include <string>

#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::test {

struct Sizes final : Block {
  Out<Bgr8> frames{this, "frames", "Pictures, one of each size, all bytes of the n-th being n"};
  Param<std::string> sizes{this, "sizes", {.init = "64x48"}, "Sizes, a blank between them"};

  void start() override { left_.str(sizes); }

  void process() override {
    int width = 0, height = 0;
    char by = 0;
    if (!(left_ >> width >> by >> height)) return finish();
    set_stamp(std::chrono::milliseconds(40 * ++number_));
    auto picture = frames.loan(cv::Size(width, height));
    picture->setTo(cv::Scalar::all(number_));
    std::move(picture).publish();
  }

 private:
  std::istringstream left_;
  int number_ = 0;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Sizes>("test.sizes", "Makes pictures of changing sizes");
}
