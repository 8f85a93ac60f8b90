/// Writes into the descriptor that is meant for its description.
#include <cstdlib>
#include <string_view>

#include <unistd.h>
#include <vcengine/block.hpp>

namespace {

bool write_garbage() {
  constexpr std::string_view kGarbage = "\xff\xfe{]";
  std::_Exit(::write(3, kGarbage.data(), kGarbage.size()) > 0 ? 0 : 1);
}
const bool kWritten = write_garbage();

}  // namespace

VCENGINE_PLUGIN(registry) {
  static_cast<void>(registry);
  static_cast<void>(kWritten);
}
