#include <vcengine/block.hpp>

namespace vcengine::flow {

/// What does not go through is skipped, not kept: joins further down learn at once that it will not
/// come, and go on without it.
struct Gate final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Latest<Number> open{this, "open", "0 closes the gate, anything else opens it"};
  Out<SameAs> out{this, "out", {"in"}, "Those that came while it was open"};
  Param<bool> starts_open{
      this, "starts_open", {.init = true}, "Whether it is open before the first number"};

  void process() override {
    const bool is_open = open ? *open != 0 : starts_open.get();
    if (is_open) out.publish(in);
  }
};

}  // namespace vcengine::flow

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::flow::Gate>("flow.gate", "Lets frames through while it is open",
                                     {.deterministic = true});
}
