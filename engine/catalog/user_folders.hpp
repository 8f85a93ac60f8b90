/// Where a user's own files belong, by the XDG Base Directory Specification 0.8.
#pragma once

#include <filesystem>
#include <optional>

#include "engine/circuit/environment.hpp"

namespace vcengine {

/// $XDG_DATA_HOME/vcengine or ~/.local/share/vcengine; none where HOME is unset too. It need not
/// exist.
std::optional<std::filesystem::path> user_data_folder(const Environment& environment);

/// $XDG_CACHE_HOME/vcengine or ~/.cache/vcengine.
std::optional<std::filesystem::path> user_cache_folder(const Environment& environment);

/// $XDG_STATE_HOME/vcengine or ~/.local/state/vcengine.
std::optional<std::filesystem::path> user_state_folder(const Environment& environment);

}  // namespace vcengine
