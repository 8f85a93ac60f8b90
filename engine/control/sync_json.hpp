/// How a block's inputs are matched, as JSON: between host and worker, and for tools.
#pragma once

#include "engine/control/json.hpp"
#include "vcengine/sync_rule.hpp"

namespace vcengine {

/// {"by": "stamp", "tolerance_ns": 0, "wait_ns": null, "on_miss": "drop"}
Json to_json(const SyncRule& rule);
SyncRule sync_from_json(const Json& json);  ///< throws JsonError

}  // namespace vcengine
