/// Writes into the descriptor that is meant for its description, and never stops.
#include <array>

#include <unistd.h>
#include <vcengine/block.hpp>

namespace {

bool write_for_ever() {
  static const std::array<char, 65536> kBlank{};
  while (::write(3, kBlank.data(), kBlank.size()) > 0) {
  }
  return true;
}
const bool kWritten = write_for_ever();

}  // namespace

VCENGINE_PLUGIN(registry) {
  static_cast<void>(registry);
  static_cast<void>(kWritten);
}
