#include <stdexcept>

#include <vcengine/block.hpp>

VCENGINE_PLUGIN(registry) {
  static_cast<void>(registry);
  throw std::runtime_error("no licence");
}
