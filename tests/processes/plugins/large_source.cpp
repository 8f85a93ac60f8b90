#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::test {

/// As large as those of a camera, at no cost: nothing is written into them.
struct LargeSource final : Block {
  Out<Bgr8> frames{this, "frames", "Pictures of 3840 x 2160, of which nothing is said"};

  void process() override { frames.loan(cv::Size(3840, 2160)).publish(); }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::LargeSource>("test.large_source", "Makes large pictures");
}
