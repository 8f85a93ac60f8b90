#include "vcengine/log.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace vcengine {

namespace {

LogLevel lowest_level() {
  const char* text = std::getenv("VCENGINE_LOG");
  const std::string_view name = text == nullptr ? "" : text;
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return LogLevel::info;
}

std::string_view prefix(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug: ";
    case LogLevel::info:
      return "";
    case LogLevel::warning:
      return "warning: ";
    case LogLevel::error:
      return "error: ";
  }
  return "";
}

}  // namespace

void log(LogLevel level, std::string_view text) noexcept {
  static const LogLevel kLowest = lowest_level();
  if (level < kLowest) return;
  try {
    std::string line(prefix(level));
    line += text;
    line += '\n';
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  } catch (const std::bad_alloc&) {
    // Nothing is left to say it with.
  }
}

}  // namespace vcengine
