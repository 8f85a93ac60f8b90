// Text that should be JSON of a block, a plugin, a rule, a setting: JsonError, or a value that
// comes back from its own text as it was.
#include "engine/control/description_json.hpp"
#include "engine/control/sync_json.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace vcengine::fuzz {
namespace {

/// Boost.JSON reads some reals as their neighbours.
Json without_reals(Json json) {
  if (json.is_double()) json = nullptr;
  if (auto* object = json.if_object()) {
    for (auto& [name, value] : *object) value = without_reals(value);
  }
  if (auto* array = json.if_array()) {
    for (auto& value : *array) value = without_reals(value);
  }
  return json;
}

template <class Read>
void read_twice(const Json& json, Read read) {
  try {
    const Json once = to_json(read(json));
    const Json twice = to_json(read(parse_json(to_text(once))));
    require(without_reals(twice) == without_reals(once), "what was read is read again as it was");
  } catch (const JsonError&) {
  }
}

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vcengine;
  fuzz::Input input(data, size);
  Json json;
  try {
    json = parse_json(input.rest());
    // A second time, for the limit.
    parse_json(to_text(json));
  } catch (const JsonError&) {
    return 0;
  }
  fuzz::read_twice(json, param_value_from_json);
  fuzz::read_twice(json, port_info_from_json);
  fuzz::read_twice(json, param_info_from_json);
  fuzz::read_twice(json, block_info_from_json);
  fuzz::read_twice(json, plugin_description_from_json);
  fuzz::read_twice(json, sync_from_json);
  fuzz::read_twice(JsonObject{{"fields", json}}, [](const Json& object) {
    return fields_from_json(object_of(object, "record"), "fields");
  });
  return 0;
}
