/// A block's log: one line each on its standard error, which the host shows as "[detect] warning:
/// …".
#pragma once

#include <string_view>

namespace vcengine {

enum class LogLevel { debug, info, warning, error };

/// Writes one line in one system call, so that lines of several processes never mix. Lines below
/// the level of VCENGINE_LOG (debug, info, warning, error; default info) are left out. Never
/// throws.
void log(LogLevel level, std::string_view text) noexcept;

inline void log_debug(std::string_view text) noexcept { log(LogLevel::debug, text); }
inline void log_info(std::string_view text) noexcept { log(LogLevel::info, text); }
inline void log_warning(std::string_view text) noexcept { log(LogLevel::warning, text); }
inline void log_error(std::string_view text) noexcept { log(LogLevel::error, text); }

}  // namespace vcengine
