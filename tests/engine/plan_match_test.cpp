#include "engine/circuit/plan_match.hpp"

#include <gtest/gtest.h>

#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

constexpr const char* kRunning =
    "blocks:\n"
    "  camera: {type: io.video_file, params: {path: vtest.avi}}\n"
    "  detect: {type: vision.edge_detector}\n"
    "  view:   {type: io.screen}\n"
    "wires:\n"
    "  - camera.frames -> detect.image\n"
    "  - detect.edges -> view.image\n";

using Numbers = std::vector<std::size_t>;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

struct Edit {
  Plan running, next;
  PlanMatch match;
};

Edit edit(const std::string& running, const std::string& next) {
  Edit edit{plan_of(running), plan_of(next), {}};
  edit.match = match_plans(edit.running, edit.next);
  return edit;
}

TEST(PlanMatchTest, TheSameCircuitKeepsAll) {
  const auto sut = edit(kRunning, kRunning).match;
  EXPECT_TRUE(sut.changed.empty());
  EXPECT_TRUE(sut.leaving.empty());
  EXPECT_EQ(sut.wires, (std::vector<std::optional<std::size_t>>{0, 1}));
  EXPECT_EQ(sut.outputs, (std::vector<std::optional<std::size_t>>{0, 1}));
}

TEST(PlanMatchTest, ParamsAloneNeedNoProcess) {
  const auto sut =
      edit(kRunning, replaced(kRunning, "edge_detector}", "edge_detector, params: {low: 60}}"));
  EXPECT_TRUE(sut.match.changed.empty());
}

TEST(PlanMatchTest, BlocksAreTheSameByTheirNamesInAnyOrder) {
  const auto sut = edit(kRunning,
                        "blocks:\n"
                        "  view:   {type: io.screen}\n"
                        "  detect: {type: vision.edge_detector}\n"
                        "  camera: {type: io.video_file, params: {path: vtest.avi}}\n"
                        "wires:\n"
                        "  - detect.edges -> view.image\n"
                        "  - camera.frames -> detect.image\n")
                       .match;
  EXPECT_EQ(sut.blocks, (std::vector<std::optional<std::size_t>>{2, 1, 0}));
  EXPECT_EQ(sut.wires, (std::vector<std::optional<std::size_t>>{1, 0}));
  EXPECT_TRUE(sut.changed.empty());
  EXPECT_TRUE(sut.leaving.empty());
}

TEST(PlanMatchTest, AnotherReaderConcernsItsWriterAndThatWritersReadersOnly) {
  const auto sut = edit(kRunning, replaced(kRunning, "wires:\n",
                                           "  second: {type: io.screen}\n"
                                           "wires:\n"
                                           "  - detect.edges -> second.image\n"))
                       .match;
  EXPECT_EQ(sut.changed, (Numbers{1, 2, 3}));
  EXPECT_EQ(sut.leaving, (Numbers{1, 2}));
  EXPECT_EQ(sut.wires, (std::vector<std::optional<std::size_t>>{{}, 0, {}}));
  EXPECT_TRUE(sut.keeps_wire(0));
  EXPECT_FALSE(sut.keeps_wire(1));
}

TEST(PlanMatchTest, ARemovedBlockLeavesWithThoseAtItsWires) {
  const auto sut = edit(kRunning,
                        "blocks:\n"
                        "  camera: {type: io.video_file, params: {path: vtest.avi}}\n"
                        "  view:   {type: io.screen}\n"
                        "wires:\n"
                        "  - camera.frames -> view.image\n")
                       .match;
  EXPECT_EQ(sut.changed, (Numbers{0, 1}));
  EXPECT_EQ(sut.leaving, (Numbers{0, 1, 2}));
}

TEST(PlanMatchTest, AWireOfAnotherDepthConcernsBothItsEnds) {
  const auto sut = edit(kRunning, replaced(kRunning, "detect.edges -> view.image",
                                           "{from: detect.edges, to: view.image, depth: 7}"))
                       .match;
  EXPECT_EQ(sut.changed, (Numbers{1, 2}));
  EXPECT_EQ(sut.outputs, (std::vector<std::optional<std::size_t>>{0, {}}));
}

/// A reader looks twice before it takes a frame, or it does not.
TEST(PlanMatchTest, AWireThatMayDropWhenItStallsNeedsOtherMemoryThanOneThatMayNot) {
  const auto with = [](const std::string& rule) {
    return replaced(kRunning, "detect.edges -> view.image",
                    "{from: detect.edges, to: view.image, stall: " + rule + "}");
  };
  const auto drops = with("{after: 1s, then: drop_oldest}");
  EXPECT_EQ(edit(kRunning, drops).match.changed, (Numbers{1, 2}));
  EXPECT_EQ(edit(drops, kRunning).match.changed, (Numbers{1, 2}));
  EXPECT_EQ(edit(drops, with("{after: 2s, then: drop_oldest}")).match.changed, Numbers{});
  EXPECT_EQ(edit(kRunning, with("{then: kill_reader}")).match.changed, Numbers{});
}

TEST(PlanMatchTest, AnotherKeyConcernsItsBlockAloneAndKeepsItsWires) {
  const auto sut =
      edit(kRunning, replaced(kRunning, "edge_detector}", "edge_detector, nice: 3}")).match;
  EXPECT_EQ(sut.changed, Numbers{1});
  EXPECT_EQ(sut.leaving, Numbers{1});
  EXPECT_EQ(sut.outputs, (std::vector<std::optional<std::size_t>>{0, 1}));
}

TEST(PlanMatchTest, NewMemoryOfAnOutputIsNewMemoryOfWhoSendsItsFramesOn) {
  const std::string chain =
      "blocks:\n"
      "  camera: {type: io.video_file, params: {path: vtest.avi}}\n"
      "  pass:   {type: flow.pass}\n"
      "  view:   {type: io.screen}\n"
      "wires:\n"
      "  - camera.frames -> pass.in\n"
      "  - pass.out -> view.image\n";
  const auto sut = edit(chain, replaced(chain, "wires:\n",
                                        "  second: {type: io.screen}\n"
                                        "wires:\n"
                                        "  - camera.frames -> second.image\n"));
  ASSERT_FALSE(sut.next.outputs.at(1).origins.empty());
  EXPECT_EQ(sut.match.changed, (Numbers{0, 1, 2, 3}));
}

TEST(PlanMatchTest, AnotherClockNeedsAnotherRun) {
  const auto running = plan_of(kRunning);
  EXPECT_EQ(reason_to_start_again(running, running), "");
  const auto by_media = plan_of(std::string("clock: media\n") + kRunning);
  EXPECT_EQ(reason_to_start_again(running, by_media), "it goes by another clock");
}

}  // namespace
}  // namespace vcengine
