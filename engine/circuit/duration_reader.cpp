#include "engine/circuit/duration_reader.hpp"

#include <cstdint>
#include <variant>

#include "engine/circuit/plain_value.hpp"

namespace vcengine {

std::optional<std::chrono::nanoseconds> read_duration(const YamlNode& node, const std::string& key,
                                                      bool may_be_zero, NodeReader& reader) {
  const std::string example =
      may_be_zero ? "a duration such as 15ms" : "a duration above 0, such as 50ms";
  const auto text = reader.text(node, '\'' + key + '\'', example);
  if (!text) return std::nullopt;
  const auto value = plain_value(*text);
  if (!std::holds_alternative<std::string>(value) && value != ParamValue(std::int64_t{0})) {
    reader.error(node.place,
                 '\'' + key + "' needs a unit, such as " + *text + "ms or " + *text + 's');
    return std::nullopt;
  }
  const auto time = *text == "0" ? std::optional<std::int64_t>(0) : parse_duration(*text);
  if (time && *time >= (may_be_zero ? 0 : 1)) return std::chrono::nanoseconds(*time);
  reader.error(node.place, '\'' + key + "' must be " + example + ", not " + in_quotes(*text));
  return std::nullopt;
}

}  // namespace vcengine
