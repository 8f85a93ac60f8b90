#include "engine/control/report_json.hpp"

#include <boost/json.hpp>

#include <optional>

namespace vcengine {

namespace {

namespace json = boost::json;

json::value to_json(const std::optional<Quantiles>& measured) {
  if (!measured) return nullptr;
  return {{"p50", measured->p50.count()}, {"p99", measured->p99.count()}};
}

json::value to_json(const std::optional<std::chrono::nanoseconds>& time) {
  return time ? json::value(time->count()) : nullptr;
}

json::value to_json(const BlockStats& block) {
  json::value progress = nullptr;
  if (block.progress_total > 0) {
    progress = {{"done", block.progress_done}, {"total", block.progress_total}};
  }
  return {{"name", block.name},
          {"type", block.type},
          {"source", block.is_source},
          {"sink", block.is_sink},
          {"finished", block.finished},
          {"damaged", block.damaged},
          {"frames", block.frames},
          {"exceptions", block.exceptions},
          {"busy", block.busy},
          {"partial", block.partial},
          {"process_ns", to_json(block.process_time)},
          {"progress", progress}};
}

json::value to_json(const WireStats& wire) {
  json::object dropped;
  for (const auto& [reason, count] : wire.dropped) dropped[reason] = count;
  return {{"from", wire.from},
          {"to", wire.to},
          {"policy", wire.policy},
          {"depth", wire.depth},
          {"damaged", wire.damaged},
          {"published", wire.published},
          {"taken", wire.taken},
          {"dropped", dropped},
          {"in_flight", wire.in_flight},
          {"age_ns", to_json(wire.age)},
          {"stamp_ns", to_json(wire.stamp)},
          {"born_ns", to_json(wire.born)}};
}

}  // namespace

std::string report_json(const RunStats& stats) {
  json::array blocks;
  for (const BlockStats& block : stats.blocks) blocks.push_back(to_json(block));
  json::array wires;
  for (const WireStats& wire : stats.wires) wires.push_back(to_json(wire));
  return json::serialize(json::object{{"circuit", stats.circuit},
                                      {"running_ns", stats.running.count()},
                                      {"blocks", blocks},
                                      {"wires", wires}});
}

}  // namespace vcengine
