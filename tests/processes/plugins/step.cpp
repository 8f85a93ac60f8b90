/// Has a class whose name a debugger must be asked for with care. Built without optimisation, so
/// that each line is a place to stop at.
#include <vcengine/block.hpp>

namespace {

template <class T>
struct Step final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "Any number"};
  vcengine::Out<vcengine::Number> out{this, "out", "The next one"};

  void process() override {
    const T number = static_cast<T>(*in);  // the first line
    out.publish(static_cast<double>(number + 1));
  }
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Step<unsigned long>>("test.step", "Adds one"); }
