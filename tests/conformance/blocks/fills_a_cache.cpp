/// Keeps the last hundred numbers: grows at first, and not for ever.
#include <deque>

#include <vcengine/block.hpp>

namespace {

struct Sample final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
  vcengine::Out<vcengine::Number> out{this, "out", "Another"};
  std::deque<double> last_;

  void process() override {
    last_.push_back(*in);
    if (last_.size() > 100) last_.pop_front();
    out.publish(last_.front());
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Sample>("conformance.fills_a_cache", "Sends a number"); }
