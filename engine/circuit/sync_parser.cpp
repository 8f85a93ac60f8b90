#include "engine/circuit/sync_parser.hpp"

#include "engine/circuit/duration_reader.hpp"

namespace vcengine {

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
      sync.rule.tolerance = read_duration(value, "tolerance", true, reader).value_or(Stamp{0});
      sync.tolerance_place = value.place;
    } else if (key.text == "wait") {
      sync.rule.wait = read_duration(value, "wait", false, reader);
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
