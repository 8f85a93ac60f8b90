/// Never comes back from its static initialiser.
#include <unistd.h>

#include <vcengine/block.hpp>

namespace {

bool hang() {
  while (true) ::pause();
}
const bool kNever = hang();

}  // namespace

VCENGINE_PLUGIN(registry) {
  static_cast<void>(registry);
  static_cast<void>(kNever);
}
