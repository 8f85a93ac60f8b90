#include <vcengine/block.hpp>

VCENGINE_PLUGIN(registry) { static_cast<void>(registry); }
