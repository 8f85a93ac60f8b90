/// Blocks that wait for each other because a wire is too short.
#include "engine/run/stall_watch.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

using namespace std::chrono_literals;
using Doing = StallWatch::Doing;

enum Block : std::size_t { source, branch, join };
enum Wire : std::size_t { to_branch, short_way, long_way };

/// source -> branch -> join, source -> join.
class StallWatchTest : public testing::Test {
 protected:
  StallWatchTest() {
    plan.blocks.resize(3);
    add_wire(source, branch);
    add_wire(source, join);
    add_wire(branch, join);
    for (auto& block : blocks) block.since = now - 1s;
    for (auto& wire : wires) wire.depth = 2;
  }
  void add_wire(Block from, Block to) {
    auto& wire = plan.wires.emplace_back();
    wire.from_block = from;
    wire.to_block = to;
  }
  std::optional<std::size_t> look() { return StallWatch(plan).too_short(blocks, wires, now); }
  void all_wait() {
    blocks[source].doing = Doing::waits_for_space;
    blocks[branch].doing = Doing::waits_for_input;
    blocks[join].doing = Doing::waits_for_input;
    wires[short_way].waiting = 2;
  }

  Plan plan;
  std::vector<StallWatch::BlockNow> blocks{3};
  std::vector<StallWatch::WireNow> wires{3};
  const StallWatch::TimePoint now{1h};
};

TEST_F(StallWatchTest, FindsTheFullWireOfThoseThatWaitForEachOther) {
  all_wait();
  EXPECT_EQ(look(), short_way);
}

TEST_F(StallWatchTest, FindsTheShortestOfSeveral) {
  all_wait();
  blocks[branch].doing = Doing::waits_for_space;
  wires[long_way] = {.waiting = 1, .depth = 1};
  EXPECT_EQ(look(), long_way);
}

// A circuit whose worker was stopped (SIGSTOP) for half a second ended as one that stands still.
TEST_F(StallWatchTest, WhoHasAFrameToTakeWaitsForNobody) {
  all_wait();
  wires[to_branch].waiting = 1;
  EXPECT_EQ(look(), std::nullopt);
}

TEST_F(StallWatchTest, ABlockAtWorkMayYetSetThemFree) {
  all_wait();
  blocks[branch].doing = Doing::works;
  EXPECT_EQ(look(), std::nullopt);
}

TEST_F(StallWatchTest, WhoHasJustBegunToWaitMayBeAboutToBeWoken) {
  all_wait();
  blocks[join].since = now - 50ms;
  EXPECT_EQ(look(), std::nullopt);
}

TEST_F(StallWatchTest, WaitingForInputAloneIsNoStall) {
  all_wait();
  blocks[source].doing = Doing::waits_for_input;
  EXPECT_EQ(look(), std::nullopt);
}

TEST_F(StallWatchTest, WhoHasEndedTakesNothingAndSendsNothing) {
  all_wait();
  blocks[join].doing = Doing::ended;
  EXPECT_EQ(look(), std::nullopt) << "its wires hold nobody up";
}

TEST_F(StallWatchTest, NobodyWaitsForALatestButOffline) {
  all_wait();
  plan.blocks.emplace_back();
  blocks.push_back({.doing = Doing::works, .since = now});
  auto& latest = plan.wires.emplace_back();
  latest.from_block = 3;
  latest.to_block = join;
  latest.latest = true;
  wires.push_back({});
  EXPECT_EQ(look(), short_way);
  plan.offline = true;
  EXPECT_EQ(look(), std::nullopt);
}

TEST_F(StallWatchTest, AWireIntoItsOwnBlockCounts) {
  add_wire(branch, branch);
  wires.push_back({.waiting = 2, .depth = 2});
  blocks[branch].doing = Doing::waits_for_space;
  EXPECT_EQ(look(), 3U);
}

}  // namespace
}  // namespace vcengine
