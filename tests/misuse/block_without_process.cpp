// says: a block needs `void process() override`
#include <vcengine/block.hpp>

struct Nothing final : vcengine::Block {
#ifndef MISUSE
  void process() override {}
#endif
};

VCENGINE_PLUGIN(registry) { registry.add<Nothing>("my.nothing", "Does nothing"); }
