/// How the inputs of a block are matched, as far as the check knows.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

using std::chrono::milliseconds;

/// A file that goes two ways, into a block of a type and with settings of its own.
std::string joined_by(const std::string& type, const std::string& head = "") {
  return head + "blocks:\n  v: {type: io.video_file}\n  p: {type: flow.pass}\n  j: {type: " + type +
         "}\nwires:\n  - v.frames -> p.in\n  - v.frames -> j.a\n  - p.out -> j.b\n";
}

/// Two files, into a block of a type and with settings of its own.
std::string two_files(const std::string& type, const std::string& head = "") {
  return head +
         "blocks:\n  v: {type: io.video_file}\n  w: {type: io.video_file}\n  j: {type: " + type +
         "}\nwires:\n  - v.frames -> j.a\n  - w.frames -> j.b\n";
}

TEST(CircuitSyncTest, EqualStampsAreMatchedUnlessTheFileSaysOtherwise) {
  EXPECT_EQ(plan_of(joined_by("flow.join")).blocks[2].sync, SyncRule{});
  EXPECT_EQ(plan_of(two_files("flow.join, sync: {tolerance: 5ms, wait: 1s}")).blocks[2].sync,
            (SyncRule{.tolerance = milliseconds(5), .wait = milliseconds(1000)}));
  EXPECT_EQ(plan_of(two_files("flow.join, sync: {by: order}")).blocks[2].sync.by,
            SyncRule::By::order);
}

TEST(CircuitSyncTest, ADefaultGoesToTheBlocksThatCanHaveIt) {
  const std::string head = "defaults: {sync: {tolerance: 15ms, wait: 40ms, on_miss: partial}}\n";
  EXPECT_EQ(plan_of(two_files("flow.join", head)).blocks[2].sync,
            (SyncRule{.tolerance = milliseconds(15), .wait = milliseconds(40)}))
      << "it needs both inputs";
  EXPECT_TRUE(plan_of(two_files("flow.optional_join", head)).blocks[2].sync.partial);
  const auto sut = plan_of(joined_by("flow.join", head));
  EXPECT_EQ(sut.blocks[1].sync, SyncRule{}) << "one input";
  EXPECT_EQ(sut.blocks[2].sync, SyncRule{.wait = milliseconds(40)})
      << "frames of one source have equal stamps";
  EXPECT_EQ(plan_of(joined_by("flow.join", "defaults: {sync: {by: order}}\n")).blocks[2].sync,
            SyncRule{});
}

TEST(CircuitSyncTest, RefusesSyncForABlockWithNothingToMatch) {
  EXPECT_EQ(refusal_of("blocks:\n  v: {type: io.video_file, sync: {}}\n"
                       "  p: {type: flow.pass, sync: {by: stamp}}\nwires:\n  - v.frames -> p.in\n"),
            "dir/c.yaml:2:34: 'sync' matches the frames of several inputs, but none of 'v' is "
            "wired; leave it out\n"
            "dir/c.yaml:3:30: 'sync' matches the frames of several inputs, but only 'in' of 'p' is "
            "wired; leave it out");
  EXPECT_EQ(refusal_of("blocks:\n  v: {type: io.video_file}\n"
                       "  h: {type: flow.hold, sync: {by: stamp}}\n"
                       "wires:\n  - v.frames -> h.in\n  - v.frames -> h.value\n"),
            "dir/c.yaml:3:30: 'sync' matches the frames of several inputs, but only 'in' of 'h' is "
            "wired; leave it out");
}

TEST(CircuitSyncTest, RefusesPartialWhereNoInputMayBeMissing) {
  EXPECT_EQ(refusal_of(joined_by("flow.join, sync: {on_miss: partial}")),
            "dir/c.yaml:4:40: all inputs of 'j' are needed in each call: a, b; 'on_miss: partial' "
            "has none to leave out");
  EXPECT_TRUE(
      plan_of(joined_by("flow.optional_join, sync: {on_miss: partial}")).blocks[2].sync.partial);
  EXPECT_TRUE(plan_of("blocks:\n  v: {type: io.video_file}\n"
                      "  m: {type: flow.merge, sync: {on_miss: partial}}\n"
                      "wires: [v.frames -> m.images, v.frames -> m.images]\n")
                  .blocks[1]
                  .sync.partial);
}

TEST(CircuitSyncTest, AnyRuleAllowsInputsThatShareNoSource) {
  EXPECT_NE(refusal_of(two_files("flow.join")), "accepted");
  for (const std::string rule : {"{}", "{by: order}", "{tolerance: 1ms}", "{wait: 1s}"})
    EXPECT_EQ(refusal_of(two_files("flow.join, sync: " + rule)), "accepted") << rule;
}

TEST(CircuitSyncTest, WarnsOfEqualStampsWhereDifferentOnesWerePutTogether) {
  const auto text = [](const std::string& sync) {
    return "blocks:\n  v: {type: io.video_file}\n  w: {type: io.video_file}\n"
           "  j: {type: flow.join, sync: " +
           sync +
           "}\n  k: {type: flow.join}\nwires:\n  - v.frames -> j.a\n  - w.frames -> j.b\n"
           "  - v.frames -> k.a\n  - j.out -> k.b\n";
  };
  EXPECT_EQ(warnings_of(text("{tolerance: 5ms}")),
            "dir/c.yaml:10:14: warning: 'k' matches equal stamps, but 'j' puts different ones "
            "together and goes on with the earliest: not every frame will find its partner; take "
            "the other inputs from behind 'j' too");
  EXPECT_EQ(warnings_of(text("{by: stamp}")), "");
}

}  // namespace
}  // namespace vcengine
