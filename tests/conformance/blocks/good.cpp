/// Does everything right: passes every check.
#include <algorithm>
#include <cstddef>

#include <vcengine/block.hpp>

namespace {

struct Good final : vcengine::Block {
  vcengine::In<vcengine::Array<float>> in{this, "in", "Numbers"};
  vcengine::Optional<vcengine::In<vcengine::Number>> weight{this, "weight", "Factor"};
  vcengine::Latest<vcengine::Text> title{this, "title", "Unused so far"};
  vcengine::Out<vcengine::Number> sum{this, "sum", "Of them"};
  vcengine::Param<int> count{this, "count", {.min = 1, .max = 9, .init = 4}, "How many"};

  void process() override {
    double total = 0;
    const auto values = in->first(std::min(in->size(), static_cast<std::size_t>(count.get())));
    for (const auto value : values) total += value;
    sum.publish(weight ? total * *weight : total);
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Good>("conformance.good", "Adds numbers"); }
