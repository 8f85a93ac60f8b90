#include "tools/common/setting_text.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <variant>

#include "tools/common/spec_text.hpp"

namespace vcengine {
namespace {

template <class Integer>
bool is_end_of(std::int64_t value) {
  using Limits = std::numeric_limits<Integer>;
  return value == static_cast<std::int64_t>(Limits::max()) ||
         (Limits::is_signed && value == static_cast<std::int64_t>(Limits::min()));
}

}  // namespace

std::string in_circuit(const ParamInfo& param, const ParamValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return yaml_text(*text);
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (param.kind == ParamKind::duration && integer != nullptr) return format_duration(*integer);
  const auto* real = std::get_if<double>(&value);
  return real != nullptr && !std::isfinite(*real) ? "" : to_string(value);
}

bool needs_path(const ParamInfo& param) {
  return param.kind == ParamKind::path && param.init == ParamValue(std::string());
}

bool is_chosen(const ParamValue& limit) {
  if (const auto* real = std::get_if<double>(&limit)) {
    return std::isfinite(*real) && std::abs(*real) < std::numeric_limits<float>::max();
  }
  const auto* integer = std::get_if<std::int64_t>(&limit);
  return integer == nullptr ||
         !(is_end_of<std::int32_t>(*integer) || is_end_of<std::uint32_t>(*integer) ||
           is_end_of<std::int64_t>(*integer));
}

}  // namespace vcengine
