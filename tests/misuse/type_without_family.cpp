// says: a_block_type_is_named_family_dot_block_as_in_vision_blur
#include <vcengine/block.hpp>

struct Nothing final : vcengine::Block {
  void process() override {}
};

VCENGINE_PLUGIN(registry) {
#ifdef MISUSE
  registry.add<Nothing>("nothing", "Does nothing");
#else
  registry.add<Nothing>("my.nothing", "Does nothing");
#endif
}
