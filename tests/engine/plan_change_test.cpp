#include "engine/circuit/plan_change.hpp"

#include <gtest/gtest.h>

#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

const std::string kHead = "circuit: c\n";
const std::string kBlocks =
    "blocks:\n"
    "  camera: {type: io.video_file, params: {path: vtest.avi}}\n"
    "  detect: {type: vision.edge_detector, params: {low: 50, high: 150}}\n"
    "  view:   {type: io.screen}\n";
const std::string kWires =
    "wires:\n"
    "  - camera.frames -> detect.image\n"
    "  - detect.edges -> view.image\n";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

Plan running() { return plan_of(kHead + kBlocks + kWires); }

/// Only the wiring differs: why.
std::vector<std::string> wiring_of(const std::string& blocks, const std::string& wires) {
  const auto change = change_between(running(), plan_of(kHead + blocks + wires));
  EXPECT_TRUE(change.settings.empty());
  EXPECT_TRUE(change.workers.empty());
  return change.wiring;
}

using Sentences = std::vector<std::string>;

TEST(PlanChangeTest, TheSameFileChangesNothing) {
  EXPECT_TRUE(change_between(running(), running()).empty());
}

TEST(PlanChangeTest, AnotherValueIsASetting) {
  const auto change =
      change_between(running(), plan_of(kHead + replaced(kBlocks, "low: 50", "low: 60") + kWires));
  EXPECT_EQ(change.settings, std::vector<std::size_t>{1});
  EXPECT_TRUE(change.workers.empty());
  EXPECT_TRUE(change.wiring.empty());
}

TEST(PlanChangeTest, WhatAProcessStartsWithNeedsAnotherProcess) {
  for (const std::string key : {"threads: 2", "nice: 3", "restart: never", "timeout: 1s"}) {
    const auto change =
        change_between(running(), plan_of(kHead +
                                          replaced(kBlocks, "{type: vision.edge_detector",
                                                   "{type: vision.edge_detector, " + key) +
                                          kWires));
    EXPECT_EQ(change.workers, std::vector<std::size_t>{1}) << key;
    EXPECT_TRUE(change.settings.empty()) << key;
  }
}

TEST(PlanChangeTest, AnotherPluginNeedsAnotherProcess) {
  auto next = running();
  next.blocks[1].type.plugin = "other.so";
  EXPECT_EQ(change_between(running(), next).workers, std::vector<std::size_t>{1});
}

TEST(PlanChangeTest, NamesBlocksThatCameAndWent) {
  EXPECT_EQ(wiring_of(replaced(kBlocks, "  view: ", "  screen: "),
                      replaced(kWires, "view.image", "screen.image")),
            (Sentences{"block screen is new", "block view is gone"}));
}

TEST(PlanChangeTest, NamesWiresThatCameAndWent) {
  EXPECT_EQ(wiring_of(kBlocks, replaced(kWires, "detect.edges -> view", "camera.frames -> view")),
            (Sentences{"the wire camera.frames -> view.image is new",
                       "the wire detect.edges -> view.image is gone"}));
}

TEST(PlanChangeTest, NamesAWireOfAnotherPolicyDepthOrStall) {
  for (const std::string key : {"policy: drop_oldest", "depth: 5", "stall: {}"}) {
    EXPECT_EQ(wiring_of(kBlocks, replaced(kWires, "detect.edges -> view.image",
                                          "{from: detect.edges, to: view.image, " + key + "}")),
              (Sentences{
                  "the wire detect.edges -> view.image has another policy, depth, stall or place"}))
        << key;
  }
}

TEST(PlanChangeTest, NamesAnOutputOfLargerFrames) {
  EXPECT_EQ(wiring_of(kBlocks, replaced(kWires, "detect.edges -> view.image",
                                        "{from: detect.edges, to: view.image, capacity: 3MiB}")),
            (Sentences{"output detect.edges needs other shared memory"}));
}

TEST(PlanChangeTest, NamesAnOutputOfAnotherType) {
  auto next = running();
  next.outputs[1].type = "image/bgr8";
  EXPECT_EQ(change_between(running(), next).wiring,
            (Sentences{"output detect.edges sends another type"}));
}

TEST(PlanChangeTest, NamesABlockThatBecameLive) {
  EXPECT_EQ(wiring_of(replaced(kBlocks, "{type: io.video_file", "{type: io.video_file, live: true"),
                      kWires)
                .size(),
            1U);
}

}  // namespace
}  // namespace vcengine
