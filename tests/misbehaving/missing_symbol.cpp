/// Needs a function that no library has.
#include <vcengine/block.hpp>

void function_that_nobody_wrote();

VCENGINE_PLUGIN(registry) {
  static_cast<void>(registry);
  function_that_nobody_wrote();
}
