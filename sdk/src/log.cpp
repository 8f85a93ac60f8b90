#include "vcengine/log.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "log_level.hpp"

namespace vcengine {

namespace {

/// Blocks may have threads that log.
std::atomic<LogLevel>& lowest_level() {
  static std::atomic<LogLevel> level = [] {
    const char* text = std::getenv("VCENGINE_LOG");
    return log_level_named(text == nullptr ? "" : text).value_or(LogLevel::info);
  }();
  return level;
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

std::optional<LogLevel> log_level_named(std::string_view name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "info") return LogLevel::info;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return std::nullopt;
}

void set_log_level(std::string_view name) noexcept {
  if (const auto level = log_level_named(name)) {
    lowest_level().store(*level, std::memory_order_relaxed);
  }
}

void log(LogLevel level, std::string_view text) noexcept {
  if (level < lowest_level().load(std::memory_order_relaxed)) return;
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
