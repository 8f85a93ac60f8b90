#include "engine/run/core_share.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

using Cores = std::vector<int>;

/// A block for each list of cores.
Plan plan_with(const std::vector<Cores>& blocks) {
  Plan plan;
  for (const auto& cores : blocks) {
    PlannedBlock block;
    block.resources.cores = cores;
    plan.blocks.push_back(block);
  }
  return plan;
}

TEST(CoreShareTest, BlocksThatRunAnywhereNeedACoreMoreThanThereAreOfThem) {
  const auto plan = plan_with({{}, {}});
  EXPECT_TRUE(has_cores_to_spare(plan, 0, {0, 1, 2}));
  EXPECT_FALSE(has_cores_to_spare(plan, 0, {0, 1}));
  EXPECT_FALSE(has_cores_to_spare(plan, 0, {}));
}

// Three blocks spun on eight cores, and two of them were bound to one core.
TEST(CoreShareTest, BlocksBoundToOneCoreHaveNoneToSpareHoweverManyThereAre) {
  const auto plan = plan_with({{3}, {3}, {}});
  const Cores usable{0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_FALSE(has_cores_to_spare(plan, 0, usable));
  EXPECT_FALSE(has_cores_to_spare(plan, 1, usable));
  EXPECT_TRUE(has_cores_to_spare(plan, 2, usable));
}

TEST(CoreShareTest, ABlockOnCoresOfItsOwnMindsNoOther) {
  const auto plan = plan_with({{0, 1}, {2, 3}, {2}, {3}});
  EXPECT_TRUE(has_cores_to_spare(plan, 0, {0, 1, 2, 3}));
  EXPECT_FALSE(has_cores_to_spare(plan, 1, {0, 1, 2, 3}));
}

}  // namespace
}  // namespace vcengine
