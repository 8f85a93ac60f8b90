#include <vcengine/block.hpp>

namespace vcengine::test {

struct FillIn final : Block {
  In<Number> in{this, "in", "A number"};
  Optional<In<Number>> first{this, "first", "Added to it, if it is there"};
  Optional<In<Number>> second{this, "second", "Likewise"};
  Out<Number> out{this, "out", "What there was of them, added up"};

  void process() override {
    double sum = *in;
    if (first) sum += 1000 * *first;
    if (second) sum += 1'000'000 * *second;
    out.publish(sum);
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::FillIn>("test.fill_in", "Adds what is there");
}
