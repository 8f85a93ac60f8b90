#include <vcengine/block.hpp>

namespace vcengine::flow {

struct EveryNth final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{this, "out", {"in"}, "The first after `offset`, and each n-th from there"};
  Param<std::int64_t> n{this, "n", {.min = 1, .init = 2}, "1: each, 2: each second one …"};
  Param<std::int64_t> offset{
      this, "offset", {.min = 0, .init = 0}, "How many are skipped before the first"};
  State<std::int64_t> seen{this, "seen", 0};

  void process() override {
    const auto number = (*seen)++ - offset;
    if (number >= 0 && number % n == 0) out.publish(in);
  }
};

}  // namespace vcengine::flow

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::flow::EveryNth>("flow.every_nth", "Lets each n-th frame through",
                                         {.deterministic = true});
}
