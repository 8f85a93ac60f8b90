#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

#include "circuits/heavy_call.hpp"

namespace vcengine::bench {

struct Heavy final : Block {
  In<Bgr8> image{this, "image", "A picture"};
  Out<Bgr8> smooth{this, "smooth", "The same without noise"};

  void process() override {
    auto picture = smooth.loan(image->size());
    heavy_call(*image, *picture);
    std::move(picture).publish();
  }
};

}  // namespace vcengine::bench

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::bench::Heavy>("bench.heavy", "Takes long, on all cores it may use");
}
