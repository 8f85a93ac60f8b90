// says: only blocks can be registered
#include <vcengine/block.hpp>

#ifdef MISUSE
struct Nothing {
#else
struct Nothing final : vcengine::Block {
  void process() override {}
#endif
};

VCENGINE_PLUGIN(registry) { registry.add<Nothing>("my.nothing", "Does nothing"); }
