/// Sends what no second run will send, as its type says.
#include <chrono>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};

  void process() override {
    out.publish(static_cast<double>(std::chrono::steady_clock::now().time_since_epoch().count()));
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Sample>("conformance.uses_the_clock_and_says_so", "Sends a number",
                       {.deterministic = false});
}
