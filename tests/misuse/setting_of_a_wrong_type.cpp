// says: a Param is a number, bool, std::string, vcengine::Path or std::chrono::nanoseconds
#include <vcengine/block.hpp>

struct Taker final : vcengine::Block {
#ifdef MISUSE
  vcengine::Param<const char*> label{this, "label", {}, "Shown beside it"};
#else
  vcengine::Param<std::string> label{this, "label", {}, "Shown beside it"};
#endif
  void process() override {}
};

Taker taker;
