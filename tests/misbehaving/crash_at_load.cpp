/// Crashes in a static initialiser, before its entry can be looked at.
#include <cstdint>

#include <vcengine/block.hpp>

namespace {

volatile std::uintptr_t nowhere = 16;
const int kCrashed = *reinterpret_cast<volatile int*>(nowhere);

}  // namespace

VCENGINE_PLUGIN(registry) {
  static_cast<void>(registry);
  static_cast<void>(kCrashed);
}
