#include "engine/commands/plan_json.hpp"

#include "engine/commands/plan_words.hpp"
#include "engine/control/description_json.hpp"
#include "engine/control/resources_json.hpp"

namespace vcengine {

namespace {

Json text(const std::string& words) { return Json(boost::json::string(words)); }

Json sync_json(const SyncRule& sync) {
  return JsonObject{{"by", text(by_word(sync.by))},
                    {"tolerance_ns", sync.tolerance.count()},
                    {"wait_ns", sync.wait ? Json(sync.wait->count()) : Json()},
                    {"on_miss", sync.partial ? "partial" : "drop"}};
}

Json block_json(const Plan& plan, std::size_t index) {
  const auto& block = plan.blocks[index];
  JsonObject params;
  for (const auto& [name, value] : block.params) params[name] = to_json(value);
  JsonObject json{{"name", text(block.name)},
                  {"type", text(block.type.info.type)},
                  {"plugin", text(block.type.plugin.string())},
                  {"source", block.is_source},
                  {"sink", block.is_sink},
                  {"live", block.live},
                  {"rate_hz", block.rate_hz ? Json(*block.rate_hz) : Json()},
                  {"threads", block.threads},
                  {"params", params},
                  {"sync", joins(plan, index) ? sync_json(block.sync) : Json()}};
  JsonObject variables;
  for (const auto& [name, value] : block.resources.env) variables[name] = text(value);
  for (const auto& entry : to_json(block.resources)) json.insert(entry);
  json["env"] = variables;
  return json;
}

Json wire_json(const Plan& plan, std::size_t index) {
  const auto& wire = plan.wires[index];
  return JsonObject{{"from", text(output_name(plan, index))},
                    {"to", text(plan.wire_name(index))},
                    {"policy", text(policy_word(wire.policy))},
                    {"depth", wire.depth},
                    {"latest", wire.latest},
                    {"feedback", wire.feedback},
                    {"why", text(why(plan, index))}};
}

Json group_json(const Plan& plan, const AdmissionGroup& group) {
  JsonArray members, wires, meets;
  for (const auto& member : group.members) {
    JsonArray after;
    for (const auto before : member.after)
      after.push_back(text(plan.blocks[group.members[before].block].name));
    members.push_back(JsonObject{{"block", text(plan.blocks[member.block].name)},
                                 {"after", after},
                                 {"joins", member.joins}});
  }
  for (const auto wire : group.wires) wires.push_back(text(plan.wire_name(wire)));
  for (const auto block : group.meets) meets.push_back(text(plan.blocks[block].name));
  return JsonObject{{"source", text(plan.blocks[group.source].name)},
                    {"members", members},
                    {"wires", wires},
                    {"meets", meets}};
}

}  // namespace

Json plan_json(const Plan& plan) {
  JsonArray blocks, wires, groups;
  for (std::size_t i = 0; i < plan.blocks.size(); ++i) blocks.push_back(block_json(plan, i));
  for (std::size_t i = 0; i < plan.wires.size(); ++i) wires.push_back(wire_json(plan, i));
  for (const auto& group : plan.groups) groups.push_back(group_json(plan, group));
  return JsonObject{{"circuit", text(plan.name)},
                    {"file", text(plan.file.string())},
                    {"clock", text(clock_word(plan.clock))},
                    {"offline", plan.offline},
                    {"blocks", blocks},
                    {"wires", wires},
                    {"groups", groups}};
}

}  // namespace vcengine
