// says: only pictures are loaned; send a value by out.publish(value)
#include <vcengine/block.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Number> out{this, "out", "A number"};
  void process() override {
#ifdef MISUSE
    auto number = out.loan();
#else
    out.publish(1);
#endif
  }
};

Sender sender;
