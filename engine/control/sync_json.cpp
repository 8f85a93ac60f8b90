#include "engine/control/sync_json.hpp"

#include <boost/json.hpp>

#include <chrono>

namespace vcengine {

Json to_json(const SyncRule& rule) {
  return JsonObject{{"by", rule.by == SyncRule::By::order ? "order" : "stamp"},
                    {"tolerance_ns", rule.tolerance.count()},
                    {"wait_ns", rule.wait ? Json(rule.wait->count()) : Json(nullptr)},
                    {"on_miss", rule.partial ? "partial" : "drop"}};
}

SyncRule sync_from_json(const Json& json) {
  const auto& object = object_of(json, "sync");
  SyncRule rule;
  rule.by = text_of(object, "by") == "order" ? SyncRule::By::order : SyncRule::By::stamp;
  rule.tolerance = std::chrono::nanoseconds(integer_of(object, "tolerance_ns"));
  if (!member(object, "wait_ns").is_null()) {
    rule.wait = std::chrono::nanoseconds(integer_of(object, "wait_ns"));
  }
  rule.partial = text_of(object, "on_miss") == "partial";
  return rule;
}

}  // namespace vcengine
