#pragma once

#include <optional>
#include <string_view>

#include "vcengine/log.hpp"

namespace vcengine {

/// "debug", "info", "warning", "error".
std::optional<LogLevel> log_level_named(std::string_view name);

/// From now on, of this process. An unknown name changes nothing.
void set_log_level(std::string_view name) noexcept;

}  // namespace vcengine
