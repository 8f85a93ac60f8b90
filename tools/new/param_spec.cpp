#include "tools/new/param_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>
#include "engine/control/nearest_word.hpp"

#include "tools/common/names.hpp"
#include "tools/common/refusal.hpp"
#include "tools/common/spec_text.hpp"
#include "vcengine/errors.hpp"

namespace vcengine {
namespace {

constexpr std::int64_t kLongestDuration = std::int64_t{24 * 365} * 3600 * 1'000'000'000;

ParamKind parse_kind(std::string_view text) {
  const auto word = lower(text);
  if (word == "int" || word == "integer") return ParamKind::integer;
  if (word == "float" || word == "double" || word == "real") return ParamKind::real;
  if (word == "bool" || word == "boolean") return ParamKind::boolean;
  if (word == "text" || word == "string") return ParamKind::text;
  if (word == "path") return ParamKind::path;
  if (word == "duration") return ParamKind::duration;
  const std::vector<std::string> names{"int",  "float", "double",  "bool",
                                       "text", "path",  "duration"};
  const auto hint = did_you_mean(word, names);
  throw Refusal(fmt::format("there is no parameter type '{}'{}{} there are {}", text, hint,
                            hint.empty() ? ";" : "", join(names)));
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::int64_t parse_integer(std::string_view text) {
  if (const auto value = parse_number<std::int64_t>(text)) return *value;
  throw Refusal(fmt::format("'{}' is no whole number of 64 bits", text));
}

double parse_real(std::string_view text, bool single_precision) {
  const auto value = parse_number<double>(text);
  const double largest = single_precision ? static_cast<double>(std::numeric_limits<float>::max())
                                          : std::numeric_limits<double>::max();
  if (value && std::abs(*value) <= largest) return *value;  // false for NaN
  throw Refusal(
      fmt::format("'{}' is no {}number", text, single_precision && value ? "float " : ""));
}

std::int64_t parse_time(std::string_view text) {
  if (const auto value = parse_duration(std::string(text))) return *value;
  throw Refusal(fmt::format("'{}' is no duration: write 50ms, 1.5s, 2min", text));
}

ParamValue parse_value(const NewParam& param, std::string_view text) {
  switch (param.info.kind) {
    case ParamKind::boolean:
      if (lower(text) == "true") return true;
      if (lower(text) == "false") return false;
      throw Refusal(fmt::format("a bool is true or false, not '{}'", text));
    case ParamKind::integer:
      return parse_integer(text);
    case ParamKind::real:
      return parse_real(text, param.single_precision);
    case ParamKind::duration:
      return parse_time(text);
    case ParamKind::text:
    case ParamKind::path:
      break;
  }
  require_plain_text(text, "a setting's text");
  return std::string(text);
}

bool is_less(const ParamValue& left, const ParamValue& right) { return left < right; }

void parse_range(NewParam& param, std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos || dots == 0 || dots + 2 == text.size()) {
    throw Refusal(fmt::format("a range is min..max, such as 0..10, not '{}'", text));
  }
  param.info.min = parse_value(param, text.substr(0, dots));
  param.info.max = parse_value(param, text.substr(dots + 2));
  if (is_less(*param.info.max, *param.info.min)) {
    throw Refusal(
        fmt::format("the range {} ends below its begin; the smaller end comes first", text));
  }
}

void parse_choices(NewParam& param, std::string_view text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto bar = std::min(text.find('|', begin), text.size());
    const auto choice = std::string(text.substr(begin, bar - begin));
    begin = bar + 1;
    require_plain_text(choice, "a choice");
    if (choice.empty()) throw Refusal("choices are words with '|' between them: a|b|c");
    if (std::ranges::count(param.info.choices, choice) != 0) {
      throw Refusal(fmt::format("'{}' is among the choices twice", choice));
    }
    param.info.choices.push_back(choice);
  }
}

void parse_limits(NewParam& param, std::string_view text) {
  switch (param.info.kind) {
    case ParamKind::integer:
    case ParamKind::real:
    case ParamKind::duration:
      return parse_range(param, text);
    case ParamKind::text:
      return parse_choices(param, text);
    case ParamKind::boolean:
    case ParamKind::path:
      break;
  }
  throw Refusal(fmt::format("a {} takes no limits, so '{}' has no place here",
                            param.info.kind == ParamKind::path ? "path" : "bool", text));
}

/// Nothing (0, false, "") where that is allowed, else what is nearest to it.
ParamValue default_init(const ParamInfo& info) {
  const auto within = [&](ParamValue value) {
    if (info.min && is_less(value, *info.min)) value = *info.min;
    if (info.max && is_less(*info.max, value)) value = *info.max;
    return value;
  };
  switch (info.kind) {
    case ParamKind::boolean:
      return false;
    case ParamKind::integer:
    case ParamKind::duration:
      return within(std::int64_t{0});
    case ParamKind::real:
      return within(0.0);
    case ParamKind::text:
    case ParamKind::path:
      break;
  }
  return info.choices.empty() ? std::string() : info.choices.front();
}

}  // namespace

NewParam parse_param(std::string_view spec) {
  // The value comes off first: it may be any text.
  const auto equals = spec.find('=');
  const auto left = spec.substr(0, equals);
  const auto name_end = left.find(':');
  if (name_end == std::string_view::npos) {
    throw Refusal("a setting is written name:type=value, with :min..max or :a|b|c before the '='");
  }
  const auto type_end = std::min(left.find(':', name_end + 1), left.size());
  const auto type = left.substr(name_end + 1, type_end - name_end - 1);

  NewParam param;
  param.info.name = std::string(left.substr(0, name_end));
  require_member_name(param.info.name, "setting's name");
  param.info.doc = fmt::format("What {} does", param.info.name);
  param.info.kind = parse_kind(type);
  param.single_precision = lower(type) == "float";
  if (type_end < left.size()) parse_limits(param, left.substr(type_end + 1));
  param.info.init = equals == std::string_view::npos ? default_init(param.info)
                                                     : parse_value(param, spec.substr(equals + 1));
  auto limits = param.info;
  if (limits.kind == ParamKind::duration && !limits.min) {
    limits.min = std::int64_t{0};
    limits.max = kLongestDuration;  // what Param<std::chrono::nanoseconds> allows by itself
  }
  limits.doc.clear();
  try {
    checked(limits, limits.init);
  } catch (const ParamError& error) {
    throw Refusal(error.what());
  }
  return param;
}

const std::vector<ParamTypeHelp>& param_type_help() {
  static const std::vector<ParamTypeHelp> help{
      {"int", "int, std::int64_t", "low:int:0..1000=85"},
      {"float", "float", "gain:float:0..4=1.5"},
      {"double", "double", "offset:double=-0.5"},
      {"bool", "bool", "loop:bool=true"},
      {"text", "std::string", "'mode:text:fast|exact=fast'"},
      {"path", "vcengine::Path", "model:path=model.onnx"},
      {"duration", "std::chrono::nanoseconds", "wait:duration:0s..10s=50ms"}};
  return help;
}

}  // namespace vcengine
