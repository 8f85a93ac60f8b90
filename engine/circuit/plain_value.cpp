#include "engine/circuit/plain_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>
#include <utility>

namespace vcengine {
namespace {

constexpr std::size_t kLongestName = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number value{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
// Binary units last and ascending: format_size() goes through them from the back.
constexpr std::array<Unit, 8> kUnits{{{"", 1},
                                      {"B", 1},
                                      {"kB", 1'000},
                                      {"MB", 1'000'000},
                                      {"GB", 1'000'000'000},
                                      {"KiB", 1U << 10U},
                                      {"MiB", 1U << 20U},
                                      {"GiB", 1U << 30U}}};

}  // namespace

ParamValue plain_value(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  auto number = text;
  if (number.starts_with('+')) number.remove_prefix(1);  // from_chars() knows no plus
  const auto unsigned_part = number.starts_with('-') ? number.substr(1) : number;
  // from_chars() would also take "inf", "nan" and, after our plus, "+-1".
  const bool numeric = !unsigned_part.empty() &&
                       (is_digit(unsigned_part[0]) || unsigned_part[0] == '.') &&
                       !text.starts_with("+-");
  if (numeric) {
    if (const auto integer = parse_whole<std::int64_t>(number)) return *integer;
    if (const auto real = parse_whole<double>(number)) return *real;
  }
  return std::string(text);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto unit_start =
      std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '.'; });
  const auto digits = static_cast<std::size_t>(unit_start - text.begin());
  auto unit_name = text.substr(digits);
  unit_name.remove_prefix(std::min(unit_name.find_first_not_of(' '), unit_name.size()));
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [&](const Unit& u) { return u.name == unit_name; });
  const auto number = parse_whole<double>(text.substr(0, digits));
  if (unit == kUnits.end() || !number) return std::nullopt;
  constexpr double kExact = 9007199254740992.0;  // 2^53: doubles below are exact
  const double bytes = *number * static_cast<double>(unit->bytes);
  if (bytes > kExact || bytes != std::floor(bytes)) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

std::string format_size(std::uint64_t bytes) {
  for (auto unit = kUnits.rbegin(); unit->name != "GB"; ++unit) {
    if (bytes > 0 && bytes % unit->bytes == 0) {
      return std::to_string(bytes / unit->bytes) + ' ' + std::string(unit->name);
    }
  }
  return std::to_string(bytes) + " bytes";
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= kLongestName && letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return letter(c) || is_digit(c) || c == '_'; });
}

}  // namespace vcengine
