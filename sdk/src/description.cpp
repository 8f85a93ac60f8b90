#include "vcengine/description.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "vcengine/errors.hpp"

namespace vcengine {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr std::array<Unit, 6> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"min", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};

/// A value as the author of a circuit would write it.
std::string shown(ParamKind kind, const ParamValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return '\'' + *text + '\'';
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (kind == ParamKind::duration && integer != nullptr) return format_duration(*integer);
  return to_string(value);
}

[[noreturn]] void refuse(const ParamInfo& param, const std::string& must_be,
                         const ParamValue& value) {
  std::string message =
      '\'' + param.name + "' must be " + must_be + ", not " + shown(param.kind, value);
  if (!param.doc.empty()) message += " (" + param.doc + ')';
  throw ParamError(message);
}

/// A limit that only says how large the C++ type is, which no author of a circuit asked about.
bool is_limit_of_type(const ParamValue& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (integer == nullptr) return false;
  const auto is_of =
      [&](auto type) {  // of a signed type or, at its upper end, its unsigned brother
        using Signed = std::numeric_limits<decltype(type)>;
        using Unsigned = std::numeric_limits<std::make_unsigned_t<decltype(type)>>;
        return *integer == Signed::min() || *integer == Signed::max() ||
               static_cast<std::uint64_t>(*integer) == Unsigned::max();
      };
  return is_of(std::int16_t{}) || is_of(std::int32_t{}) ||
         *integer == std::numeric_limits<std::int64_t>::min() ||
         *integer == std::numeric_limits<std::int64_t>::max();
}

/// A limit as the kind of number that is checked: a description that came as JSON may say 0 for
/// 0.0.
template <class Number>
Number number_of(const ParamValue& limit) {
  const auto* integer = std::get_if<std::int64_t>(&limit);
  return integer != nullptr ? static_cast<Number>(*integer)
                            : static_cast<Number>(std::get<double>(limit));
}

template <class Number>
void require_in_range(const ParamInfo& param, Number value) {
  const bool below = param.min && value < number_of<Number>(*param.min);
  const bool above = param.max && value > number_of<Number>(*param.max);
  if (!below && !above) return;
  const auto limit = [&](const auto& end) { return shown(param.kind, *end); };
  const bool both = param.min && param.max;
  if (below && (!both || is_limit_of_type(*param.max))) {
    refuse(param, "at least " + limit(param.min), value);
  }
  if (!below && (!both || is_limit_of_type(*param.min))) {
    refuse(param, "at most " + limit(param.max), value);
  }
  refuse(param, "in [" + limit(param.min) + ", " + limit(param.max) + ']', value);
}

std::int64_t checked_integer(const ParamInfo& param, const ParamValue& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (integer == nullptr) refuse(param, "an integer", value);
  require_in_range(param, *integer);
  return *integer;
}

double checked_real(const ParamInfo& param, const ParamValue& value) {
  const auto* real = std::get_if<double>(&value);
  const auto* integer = std::get_if<std::int64_t>(&value);
  const double number = real != nullptr      ? *real
                        : integer != nullptr ? static_cast<double>(*integer)
                                             : std::numeric_limits<double>::quiet_NaN();
  if (!std::isfinite(number)) refuse(param, "a number", value);
  require_in_range(param, number);
  return number;
}

std::int64_t checked_duration(const ParamInfo& param, const ParamValue& value) {
  auto nanoseconds = std::optional<std::int64_t>{};
  if (const auto* integer = std::get_if<std::int64_t>(&value)) nanoseconds = *integer;
  if (const auto* text = std::get_if<std::string>(&value)) nanoseconds = parse_duration(*text);
  if (!nanoseconds) refuse(param, "a duration such as 50ms or 1.5s", value);
  require_in_range(param, *nanoseconds);
  return *nanoseconds;
}

std::string checked_text(const ParamInfo& param, const ParamValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) refuse(param, param.kind == ParamKind::path ? "a path" : "text", value);
  if (param.choices.empty()) return *text;
  std::string choices;
  for (const auto& choice : param.choices) {
    if (choice == *text) return *text;
    choices += (choices.empty() ? "'" : ", '") + choice + '\'';
  }
  refuse(param, (param.choices.size() > 1 ? "one of " : "") + choices, value);
}

std::string_view family_of(std::string_view type) { return type.substr(0, type.find('/')); }

}  // namespace

ParamValue checked(const ParamInfo& param, const ParamValue& value) {
  switch (param.kind) {
    case ParamKind::boolean:
      if (!std::holds_alternative<bool>(value)) refuse(param, "true or false", value);
      return value;
    case ParamKind::integer:
      return checked_integer(param, value);
    case ParamKind::real:
      return checked_real(param, value);
    case ParamKind::duration:
      return checked_duration(param, value);
    case ParamKind::text:
    case ParamKind::path:
      return checked_text(param, value);
  }
  throw ParamError('\'' + param.name + "' is of a kind unknown here");
}

bool fits(const TypeName& out, const TypeName& in) {
  if (out == in || out == "any" || in == "any") return true;
  // A family alone stands for each of its formats: each frame says which one it has.
  return family_of(out) == family_of(in) && (out == family_of(out) || in == family_of(in));
}

std::string to_string(ParamKind kind) {
  switch (kind) {
    case ParamKind::boolean:
      return "boolean";
    case ParamKind::integer:
      return "integer";
    case ParamKind::real:
      return "real";
    case ParamKind::text:
      return "text";
    case ParamKind::path:
      return "path";
    case ParamKind::duration:
      return "duration";
  }
  return "unknown";
}

std::string to_string(const ParamValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, bool>) {
          return held ? "true" : "false";
        } else if constexpr (std::is_same_v<Held, std::string>) {
          return held;
        } else {
          std::array<char, 32> digits;  // the shortest text that reads back as the same number
          const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), held).ptr;
          return {digits.data(), end};
        }
      },
      value);
}

std::optional<std::int64_t> parse_duration(const std::string& text) {
  double number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{}) return std::nullopt;
  std::string_view unit_name(stop, static_cast<std::size_t>(end - stop));
  while (unit_name.starts_with(' ')) unit_name.remove_prefix(1);
  for (const auto& unit : kUnits) {
    if (unit.name != unit_name) continue;
    const double nanoseconds = std::round(number * static_cast<double>(unit.nanoseconds));
    constexpr double kTooLarge = 9223372036854775808.0;  // 2^63
    if (!(std::abs(nanoseconds) < kTooLarge)) return std::nullopt;
    return static_cast<std::int64_t>(nanoseconds);
  }
  return std::nullopt;
}

std::string format_duration(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return "0s";
  const auto unit = std::find_if(kUnits.rbegin(), kUnits.rend(), [&](const Unit& candidate) {
    return nanoseconds % candidate.nanoseconds == 0;  // at the latest true of "ns"
  });
  return std::to_string(nanoseconds / unit->nanoseconds) + std::string(unit->name);
}

}  // namespace vcengine
