// says: a port needs a name, by which circuits know it
#include <vcengine/block.hpp>

struct Taker final : vcengine::Block {
#ifdef MISUSE
  vcengine::In<vcengine::Number> in{this};
#else
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
#endif
  void process() override {}
};

Taker taker;
