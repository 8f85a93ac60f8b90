// says: what it points to dies with the process
#include <vcengine/block.hpp>

struct Taker final : vcengine::Block {
#ifdef MISUSE
  vcengine::State<const char*> last{this, "last", nullptr};
#else
  vcengine::State<int> last{this, "last", 0};
#endif
  void process() override {}
};

Taker taker;
