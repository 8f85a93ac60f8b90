#include "engine/circuit/sync_parser.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "engine/circuit/plain_value.hpp"

namespace vcengine {
namespace {

std::optional<std::chrono::nanoseconds> parse_time(const YamlNode& node, const std::string& key,
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

}  // namespace

std::optional<SyncSpec> parse_sync(const YamlNode& node, NodeReader& reader) {
  SyncSpec sync;
  sync.place = node.place;
  const auto errors_before = reader.error_count();
  for (const auto* entry :
       reader.entries(node, "'sync'", "a map such as {by: stamp, tolerance: 15ms}",
                      {"by", "tolerance", "wait", "on_miss"})) {
    const auto& [key, value] = *entry;
    if (key.text == "by") {
      const auto word = reader.word(value, "by", {"stamp", "order"});
      sync.rule.by = word == 1 ? SyncRule::By::order : SyncRule::By::stamp;
      sync.by_place = value.place;
    } else if (key.text == "tolerance") {
      sync.rule.tolerance = parse_time(value, "tolerance", true, reader).value_or(Stamp{0});
      sync.tolerance_place = value.place;
    } else if (key.text == "wait") {
      sync.rule.wait = parse_time(value, "wait", false, reader);
    } else {
      sync.rule.partial = reader.word(value, "on_miss", {"drop", "partial"}) == 1;
      sync.on_miss_place = value.place;
    }
  }
  if (reader.error_count() > errors_before) return std::nullopt;
  if (sync.rule.by == SyncRule::By::order && sync.tolerance_place.line > 0) {
    reader.error(sync.tolerance_place,
                 "'by: order' looks at no stamps, so there is nothing to tolerate; leave out "
                 "'tolerance' or 'by: order'");
    return std::nullopt;
  }
  return sync;
}

}  // namespace vcengine
