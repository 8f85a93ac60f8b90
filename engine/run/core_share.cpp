#include "engine/run/core_share.hpp"

#include <algorithm>

namespace vcengine {

bool has_cores_to_spare(const Plan& plan, std::size_t block, const std::vector<int>& usable) {
  const auto cores_of = [&](const PlannedBlock& planned) -> const std::vector<int>& {
    return planned.resources.cores.empty() ? usable : planned.resources.cores;
  };
  const auto& own = cores_of(plan.blocks[block]);
  const auto shares_one = [&](const PlannedBlock& planned) {
    return std::ranges::find_first_of(own, cores_of(planned)) != own.end();
  };
  return static_cast<std::size_t>(std::ranges::count_if(plan.blocks, shares_one)) < own.size();
}

}  // namespace vcengine
