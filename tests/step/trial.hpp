/// One operation, disturbed at each of its instructions in turn.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/step/operations.hpp"

namespace vcengine::test {

/// What becomes of the stepped process at instruction k.
enum class Fate {
  killed,          ///< and nobody takes its place
  succeeded,       ///< killed, and a successor goes on where it was
  frozen,          ///< while all others go on, 300 operations long; then it comes to its end
  frozen_briefly,  ///< the same for a few operations
};
inline constexpr std::array kFates = {Fate::frozen_briefly, Fate::frozen, Fate::killed,
                                      Fate::succeeded};
std::string_view to_string(Fate fate);

struct Tried {
  std::uint64_t points = 0;  ///< instructions at which the fate struck
  std::vector<std::string> violations;
};

/// Stops at the first violation unless `all`. Throws PtraceForbidden.
Tried try_each_instruction(const Operation& operation, Fate fate, bool all);

}  // namespace vcengine::test
