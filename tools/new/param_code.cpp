/// A setting as it is written in C++, in circuits and for people.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <variant>

#include "engine/control/nearest_word.hpp"
#include "tools/common/names.hpp"
#include "tools/common/spec_text.hpp"
#include "tools/new/param_spec.hpp"

namespace vcengine {
namespace {

using Int = std::numeric_limits<std::int32_t>;
using Long = std::numeric_limits<std::int64_t>;

bool is_wide(const ParamInfo& info) {
  const auto needs_64_bits = [](const ParamValue& value) {
    const auto number = std::get<std::int64_t>(value);
    return number < Int::min() || number > Int::max();
  };
  return needs_64_bits(info.init) || (info.min && needs_64_bits(*info.min)) ||
         (info.max && needs_64_bits(*info.max));
}

std::string integer_literal(std::int64_t value) {
  // There is no literal of the lowest one: -x is x, negated.
  return value == Long::min() ? fmt::format("{} - 1", value + 1) : fmt::to_string(value);
}

std::string real_literal(double value, bool single_precision) {
  auto text = single_precision ? fmt::to_string(static_cast<float>(value)) : fmt::to_string(value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return single_precision ? text + 'F' : text;
}

std::string duration_literal(std::int64_t nanoseconds) {
  struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
  };
  for (const auto& unit : {Unit{"hours", 3'600'000'000'000}, Unit{"minutes", 60'000'000'000},
                           Unit{"seconds", 1'000'000'000}, Unit{"milliseconds", 1'000'000},
                           Unit{"microseconds", 1'000}}) {
    if (nanoseconds != 0 && nanoseconds % unit.nanoseconds == 0) {
      return fmt::format("std::chrono::{}{{{}}}", unit.name, nanoseconds / unit.nanoseconds);
    }
  }
  return nanoseconds == 0
             ? "std::chrono::seconds{0}"
             : fmt::format("std::chrono::nanoseconds{{{}}}", integer_literal(nanoseconds));
}

std::string literal(const NewParam& param, const ParamValue& value) {
  switch (param.info.kind) {
    case ParamKind::boolean:
      return std::get<bool>(value) ? "true" : "false";
    case ParamKind::integer:
      return integer_literal(std::get<std::int64_t>(value));
    case ParamKind::real:
      return real_literal(std::get<double>(value), param.single_precision);
    case ParamKind::duration:
      return duration_literal(std::get<std::int64_t>(value));
    case ParamKind::text:
    case ParamKind::path:
      break;
  }
  return cpp_text(std::get<std::string>(value));
}

}  // namespace

std::string NewParam::cpp() const {
  switch (info.kind) {
    case ParamKind::boolean:
      return "bool";
    case ParamKind::integer:
      return is_wide(info) ? "std::int64_t" : "int";
    case ParamKind::real:
      return single_precision ? "float" : "double";
    case ParamKind::text:
      return "std::string";
    case ParamKind::path:
      return "vcengine::Path";
    case ParamKind::duration:
      break;
  }
  return "std::chrono::nanoseconds";
}

std::string NewParam::spec() const {
  std::vector<std::string> members;
  if (info.min) members.push_back(".min = " + literal(*this, *info.min));
  if (info.max) members.push_back(".max = " + literal(*this, *info.max));
  members.push_back(".init = " + literal(*this, info.init));
  if (!info.choices.empty()) {
    std::vector<std::string> choices;
    for (const auto& choice : info.choices) choices.push_back(cpp_text(choice));
    members.push_back(".choices = {" + join(choices) + "}");
  }
  return "{" + join(members) + "}";
}

std::string NewParam::init_in_circuit() const {
  if (const auto* text = std::get_if<std::string>(&info.init)) return yaml_text(*text);
  if (info.kind == ParamKind::duration) return format_duration(std::get<std::int64_t>(info.init));
  if (info.kind == ParamKind::real) return real_literal(std::get<double>(info.init), false);
  return to_string(info.init);
}

std::string NewParam::allowed() const {
  const auto shown = [&](const ParamValue& value) {
    return info.kind == ParamKind::duration ? format_duration(std::get<std::int64_t>(value))
                                            : to_string(value);
  };
  if (!info.choices.empty()) return join(info.choices);
  return info.min && info.max ? shown(*info.min) + " to " + shown(*info.max) : "";
}

std::string NewParam::refused_value() const {
  if (!info.choices.empty()) {
    std::string other = "none of these";
    while (std::ranges::count(info.choices, other) != 0) other += '!';
    return fmt::format("std::string({})", cpp_text(other));
  }
  if (!info.min || !info.max) return "";
  if (info.kind == ParamKind::real) {
    const double above = std::get<double>(*info.max) + 1;
    return above > std::get<double>(*info.max) ? real_literal(above, false) : "";
  }
  const auto most = std::get<std::int64_t>(*info.max);
  return most < Long::max() ? fmt::format("std::int64_t{{{}}}", most + 1) : "";
}

}  // namespace vcengine
