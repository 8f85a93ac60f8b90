#pragma once

#include <cstddef>
#include <vector>

#include "engine/circuit/plan.hpp"

namespace vcengine {

/// May this block use more of the processor than its work needs? Who spins on a core keeps it from
/// another block, unless there are more cores for it than blocks that may run on one of them.
/// `usable`: those of the host, and so of a block without `cpu:`.
bool has_cores_to_spare(const Plan& plan, std::size_t block, const std::vector<int>& usable);

}  // namespace vcengine
