// says: a State is copied as bytes from one process to the next
#include <string>
#include <vcengine/block.hpp>

struct Taker final : vcengine::Block {
#ifdef MISUSE
  vcengine::State<std::string> last{this, "last", {}};
#else
  vcengine::State<int> last{this, "last", 0};
#endif
  void process() override {}
};

Taker taker;
