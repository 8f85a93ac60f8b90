#include "engine/control/resources_json.hpp"

namespace vcengine {

namespace {

std::optional<std::int64_t> optional_integer(const JsonObject& object, std::string_view name) {
  if (member(object, name).is_null()) return std::nullopt;
  return integer_of(object, name);
}

}  // namespace

JsonObject to_json(const Resources& resources) {
  const auto& [cores, nice, memory, env, cwd] = resources;
  return {{"cpu", JsonArray(cores.begin(), cores.end())},
          {"nice", nice ? Json(*nice) : Json()},
          {"memory", memory ? Json(static_cast<std::int64_t>(*memory)) : Json()},
          {"cwd", cwd.empty() ? Json() : Json(boost::json::string(cwd.string()))}};
}

Resources resources_from_json(const Json& json) {
  const auto& object = object_of(json, "resources");
  Resources resources;
  for (const auto& core : array_of(object, "cpu")) {
    const auto number = to_integer(core);
    if (!number) throw JsonError("'cpu' must be whole numbers");
    resources.cores.push_back(static_cast<int>(*number));
  }
  if (const auto nice = optional_integer(object, "nice")) resources.nice = static_cast<int>(*nice);
  if (const auto memory = optional_integer(object, "memory")) {
    resources.memory = static_cast<std::uint64_t>(*memory);
  }
  if (!member(object, "cwd").is_null()) resources.cwd = text_of(object, "cwd");
  return resources;
}

}  // namespace vcengine
