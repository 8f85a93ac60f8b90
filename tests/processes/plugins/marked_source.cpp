#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

#include "tests/processes/plugins/mark.hpp"

namespace vcengine::test {

/// Needs a `rate:`: then its stamps, and so its pictures, go on where a predecessor's were.
struct MarkedSource final : Block {
  Out<Bgr8> frames{this, "frames", "Pictures whose every byte follows from their stamp"};

  void process() override {
    auto picture = frames.loan(cv::Size(160, 120));
    mark(*picture, stamp());
    std::move(picture).publish();
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::MarkedSource>("test.marked_source", "Makes pictures to be checked");
}
