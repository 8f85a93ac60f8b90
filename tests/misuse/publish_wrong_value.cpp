// says: A value: out.publish(value), of the port's type
#include <string>
#include <vcengine/block.hpp>

struct Sender final : vcengine::Block {
  vcengine::Out<vcengine::Number> out{this, "out", "A number"};
  void process() override {
#ifdef MISUSE
    out.publish(std::string("one"));
#else
    out.publish(1);
#endif
  }
};

Sender sender;
