/// Reads one element too many.
#include <vector>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};
  std::vector<double> values_{1, 2, 3};

  void process() override {
    const volatile double* values = values_.data();
    out.publish(values[3] + *in);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.reads_out_of_bounds", "Sends a number");
}
