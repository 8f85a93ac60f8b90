#include "engine/show/human_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace vcengine {

namespace {

/// `value` is at least 0. The borders are where rounding would yield a fourth digit.
std::string three_digits(double value) {
  if (value < 9.995) return fmt::format("{:.2f}", value);
  if (value < 99.95) return fmt::format("{:.1f}", value);
  return fmt::format("{:.0f}", value);
}

}  // namespace

Glyphs glyphs_of_environment() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string locale = value;
    std::transform(locale.begin(), locale.end(), locale.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool utf8 =
        locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    return utf8 ? Glyphs::utf8 : Glyphs::ascii;
  }
  return Glyphs::ascii;
}

std::string format_duration(std::chrono::nanoseconds duration, Glyphs glyphs) {
  const auto ns = std::max(0.0, static_cast<double>(duration.count()));  // stamps of others may lie
  if (ns < 1e3) return fmt::format("{:.0f} ns", ns);
  if (ns < 999.5e3) return three_digits(ns / 1e3) + (glyphs == Glyphs::utf8 ? " µs" : " us");
  if (ns < 999.5e6) return three_digits(ns / 1e6) + " ms";
  if (ns < 99.95e9) return three_digits(ns / 1e9) + " s";
  const auto seconds = static_cast<std::int64_t>(ns / 1e9 + 0.5);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

std::string format_clock(std::chrono::nanoseconds duration) {
  const std::int64_t all =
      std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(duration).count());
  const std::int64_t hours = all / 3600;
  const std::int64_t minutes = all / 60 % 60;
  const std::int64_t seconds = all % 60;
  if (hours == 0) return fmt::format("{}:{:02}", minutes, seconds);
  return fmt::format("{}:{:02}:{:02}", hours, minutes, seconds);
}

std::string format_rate(double per_second) {
  return three_digits(std::max(0.0, per_second)) + "/s";
}

}  // namespace vcengine
