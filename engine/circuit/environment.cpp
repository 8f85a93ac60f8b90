#include "engine/circuit/environment.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>

namespace vcengine {
namespace {

bool is_variable_name(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  const auto letter_or_digit = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), letter_or_digit);
}

/// What stands for `${inside}`.
std::string value_of(std::string_view inside, const Environment& environment) {
  const auto mark = inside.find(":-");
  const std::string name(inside.substr(0, mark));
  if (!is_variable_name(name)) {
    throw ReplacementError(
        "'${" + std::string(inside) +
        "}' names no variable; write ${NAME} or ${NAME:-default}, or $${ for a literal ${");
  }
  const auto value = environment(name);
  if (mark != std::string_view::npos) {
    return value && !value->empty() ? *value : std::string(inside.substr(mark + 2));
  }
  if (!value) {
    throw ReplacementError("the environment variable '" + name +
                           "' is not set; set it, or give a default: ${" + name + ":-default}");
  }
  return *value;
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets it
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

std::optional<std::chrono::milliseconds> milliseconds_from(const Environment& environment,
                                                           const std::string& name) {
  const auto text = environment(name).value_or("");
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return std::chrono::milliseconds(number);
}

std::string replace_variables(std::string_view text, const Environment& environment) {
  std::string result;
  while (!text.empty()) {
    if (text.starts_with("$${")) {
      result += "${";
      text.remove_prefix(3);
    } else if (text.starts_with("${")) {
      const auto end = text.find('}');
      if (end == std::string_view::npos)
        throw ReplacementError("'${' without its '}'; write $${ for a literal ${");
      result += value_of(text.substr(2, end - 2), environment);
      text.remove_prefix(end + 1);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace vcengine
