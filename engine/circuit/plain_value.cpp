#include "engine/circuit/plain_value.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

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

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= kLongestName && letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return letter(c) || is_digit(c) || c == '_'; });
}

}  // namespace vcengine
