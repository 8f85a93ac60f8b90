#pragma once

#include "engine/circuit/plan.hpp"
#include "engine/control/json.hpp"

namespace vcengine {

/// All of a checked circuit that is not a matter of its block types.
Json plan_json(const Plan& plan);

}  // namespace vcengine
