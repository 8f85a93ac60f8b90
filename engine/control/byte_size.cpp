#include "engine/control/byte_size.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

namespace vcengine {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
// Ascending: size_text() takes the last one that fits.
constexpr std::array<Unit, 8> kUnits{{{"", 1},
                                      {"B", 1},
                                      {"kB", 1'000},
                                      {"KiB", 1U << 10U},
                                      {"MB", 1'000'000},
                                      {"MiB", 1U << 20U},
                                      {"GB", 1'000'000'000},
                                      {"GiB", 1U << 30U}}};

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto is_number = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  const auto unit_start = std::find_if_not(text.begin(), text.end(), is_number);
  const auto digits = text.substr(0, static_cast<std::size_t>(unit_start - text.begin()));
  auto unit_name = text.substr(digits.size());
  unit_name.remove_prefix(std::min(unit_name.find_first_not_of(' '), unit_name.size()));
  const auto unit = std::ranges::find(kUnits, unit_name, &Unit::name);
  double number = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (unit == kUnits.end() || error != std::errc() || stop != end) return std::nullopt;
  constexpr double kExact = 9007199254740992.0;  // 2^53: doubles below are exact
  const double bytes = number * static_cast<double>(unit->bytes);
  if (bytes > kExact || bytes != std::floor(bytes)) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

std::string size_text(std::uint64_t bytes) {
  for (auto unit = kUnits.rbegin(); unit->bytes > 1; ++unit) {
    if (bytes > 0 && bytes % unit->bytes == 0) {
      return std::to_string(bytes / unit->bytes) + ' ' + std::string(unit->name);
    }
  }
  return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

}  // namespace vcengine
