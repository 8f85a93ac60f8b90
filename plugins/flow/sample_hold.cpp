#include <vcengine/block.hpp>

namespace vcengine::flow {

struct SampleHold final : Block {
  In<Any> trigger{this, "trigger", "Says when; of any type, and not looked at"};
  Latest<Any> value{this, "value", "What is sent; of any type"};
  Out<SameAs> out{this,
                  "out",
                  {"value"},
                  "For each trigger the newest value, with the trigger's stamp; nothing before the "
                  "first value"};

  void process() override {
    if (value) out.publish(value);
  }
};

}  // namespace vcengine::flow

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::flow::SampleHold>(
      "flow.sample_hold", "Sends the newest value on a trigger", {.deterministic = true});
}
