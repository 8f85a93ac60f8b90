#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/control/cores.hpp"

namespace vcengine::bench {

/// "0-2,8" as /sys writes it.
std::vector<int> parse_core_list(std::string_view text);

/// Two cores for two processes that talk: not two threads of one core, if there is a choice. None
/// on a machine with one.
std::optional<std::array<int, 2>> two_cores();

/// Keeps the calling process on one core. Throws std::system_error.
void pin_to(int core);

}  // namespace vcengine::bench
