/// Resources of a block in JSON, for its worker and for tools.
#pragma once

#include "engine/circuit/resources.hpp"
#include "engine/control/json.hpp"

namespace vcengine {

/// {"cpu": [0, 2], "nice": 10, "memory": 512000000, "cwd": "/tmp"}; null, or an empty list, for
/// what is not set. Without `env`: a worker is started with that.
JsonObject to_json(const Resources& resources);

/// Throws JsonError.
Resources resources_from_json(const Json& json);

}  // namespace vcengine
