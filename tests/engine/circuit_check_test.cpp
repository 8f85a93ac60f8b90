#include "engine/circuit/circuit_check.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/engine/checked_circuit.hpp"
#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

ParamValue setting(const PlannedBlock& block, const std::string& name) {
  for (const auto& [param, value] : block.params) {
    if (param == name) return value;
  }
  return std::string("not set");
}

const std::string kEdges = R"(circuit: edges
blocks:
  camera: {type: io.video_file, params: {path: vtest.avi}}
  detect: {type: vision.edge_detector, params: {low: 50, high: 150}}
  view:   {type: io.screen}
  both:   {type: vision.overlay}
wires:
  - camera.frames -> detect.image
  - {from: detect.edges, to: view.image, policy: drop_oldest, depth: 3, capacity: 3MiB}
  - {from: detect.edges, to: both.mask, capacity: 1MiB}
  - camera.frames -> both.base
)";

TEST(CircuitCheckTest, FillsInEveryDefault) {
  const auto sut = plan_of(kEdges);

  ASSERT_EQ(sut.wires.size(), 4U);
  EXPECT_EQ(sut.wires[0].policy, WirePolicy::wait);
  EXPECT_EQ(sut.wires[0].depth, 2U);
  EXPECT_EQ(sut.wires[1].policy, WirePolicy::drop_oldest);
  EXPECT_EQ(sut.wires[1].depth, 3U);
  EXPECT_EQ(sut.wire_name(2), "both.mask");
  EXPECT_TRUE(sut.blocks[0].is_source);
  EXPECT_FALSE(sut.blocks[0].is_sink);
  EXPECT_FALSE(sut.blocks[1].is_source);
  EXPECT_TRUE(sut.blocks[2].is_sink);
}

TEST(CircuitCheckTest, GroupsWiresByOutputAndTakesTheLargestCapacity) {
  const auto sut = plan_of(kEdges);

  ASSERT_EQ(sut.outputs.size(), 2U);
  EXPECT_EQ(sut.outputs[0].wires, (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(sut.outputs[0].capacity, std::uint64_t{64} << 20U);
  EXPECT_EQ(sut.outputs[1].port, "edges");
  EXPECT_EQ(sut.outputs[1].type, "image/gray8");
  EXPECT_EQ(sut.outputs[1].capacity, std::uint64_t{3} << 20U);
  EXPECT_EQ(sut.wires[2].from_output, 1U);
}

TEST(CircuitCheckTest, OnlyOutputsBeforeAJoinNeedToSayWhatWillNotCome) {
  const auto joined = plan_of(kEdges);
  EXPECT_TRUE(joined.outputs[0].tells_bound) << "camera.frames leads to both.base";
  EXPECT_TRUE(joined.outputs[1].tells_bound) << "detect.edges leads to both.mask";
  const auto chain = plan_of(
      "blocks:\n"
      "  camera: {type: io.video_file}\n"
      "  detect: {type: vision.edge_detector}\n"
      "  view:   {type: io.screen}\n"
      "wires: [camera.frames -> detect.image, detect.edges -> view.image]\n");
  for (const auto& output : chain.outputs) EXPECT_FALSE(output.tells_bound);
}

TEST(CircuitCheckTest, PathsStartAtTheFolderOfTheFile) {
  const auto here = std::filesystem::current_path();
  auto circuit = parsed(
      "blocks:\n  a: {type: io.video_file, params: {path: x/../v.avi}}\n"
      "  b: {type: io.video_file, params: {path: 'rtsp://host/1'}}\n"
      "  c: {type: io.video_file, params: {path: /v.avi}}\n  d: {type: io.video_file}\n");
  apply_set(circuit, "d.path=typed.avi");
  auto types = usual_types();

  const auto sut = check_circuit(circuit, types);

  EXPECT_EQ(setting(sut.blocks[0], "path"), ParamValue((here / "dir/v.avi").string()));
  EXPECT_EQ(setting(sut.blocks[1], "path"), ParamValue(std::string("rtsp://host/1")));
  EXPECT_EQ(setting(sut.blocks[2], "path"), ParamValue(std::string("/v.avi")));
  EXPECT_EQ(setting(sut.blocks[3], "path"), ParamValue((here / "typed.avi").string()));
}

TEST(CircuitCheckTest, WhatLooksLikeANumberIsTextToASettingThatWantsText) {
  const auto sut = plan_of(
      "blocks:\n  a: {type: io.video_file, params: {title: 007, pause: 1.5s, loop: true}}\n");

  EXPECT_EQ(setting(sut.blocks[0], "title"), ParamValue(std::string("007")));
  EXPECT_EQ(setting(sut.blocks[0], "pause"), ParamValue(std::int64_t{1'500'000'000}));
  EXPECT_EQ(setting(sut.blocks[0], "loop"), ParamValue(true));
}

TEST(CircuitCheckTest, WiresOutOfALiveSourceDropTheOldest) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera}\n  file: {type: io.video_file, live: true}\n"
      "  calm: {type: io.camera, live: false}\n  a: {type: core.null}\n  b: {type: core.null}\n"
      "  c: {type: core.null}\n  d: {type: core.null}\n"
      "wires: [cam.frames -> a.in, file.frames -> b.in, calm.frames -> c.in,\n"
      "        {from: cam.frames, to: d.in, policy: wait}]\n");

  EXPECT_EQ(sut.wires[0].policy, WirePolicy::drop_oldest);
  EXPECT_EQ(sut.wires[0].depth, 1U);
  EXPECT_EQ(sut.wires[1].policy, WirePolicy::drop_oldest);
  EXPECT_EQ(sut.wires[2].policy, WirePolicy::wait);
  EXPECT_EQ(sut.wires[3].policy, WirePolicy::wait);
  EXPECT_EQ(sut.wires[3].depth, 2U);
}

TEST(CircuitCheckTest, AnInputsTakesManyWiresInTheOrderOfTheFile) {
  const auto sut = plan_of(
      "blocks:\n  v: {type: io.video_file}\n  p: {type: flow.pass}\n  m: {type: flow.merge}\n"
      "wires: [v.frames -> p.in, p.out -> m.images, v.frames -> m.images]\n");

  EXPECT_EQ(sut.wire_name(1), "m.images[0]");
  EXPECT_EQ(sut.wire_name(2), "m.images[1]");
}

TEST(CircuitCheckTest, ALatestBreaksACycleAndTakesOnlyTheNewest) {
  const auto sut = plan_of(
      "blocks:\n  c: {type: control.constant, rate: 5}\n  pid: {type: control.pid}\n"
      "wires: [c.value -> pid.value, pid.out -> pid.target]\n");

  EXPECT_TRUE(sut.wires[1].latest);
  EXPECT_EQ(sut.wires[1].policy, WirePolicy::drop_oldest);
  EXPECT_EQ(sut.wires[1].depth, 1U);
  EXPECT_EQ(sut.outputs[0].capacity, 4096U);
  EXPECT_EQ(sut.blocks[0].rate_hz, 5.0);
}

TEST(CircuitCheckTest, InfersTheTypeOfWhatIsPassedOn) {
  const auto sut = plan_of(
      "blocks:\n  p2: {type: flow.pass}\n  p1: {type: flow.pass}\n  v: {type: io.video_file}\n"
      "  d: {type: vision.edge_detector}\n"
      "wires: [p2.out -> d.image, p1.out -> p2.in, v.frames -> p1.in]\n");

  for (const auto& output : sut.outputs) EXPECT_EQ(output.type, "image/bgr8");
}

TEST(CircuitCheckTest, DescribesADynamicTypeWithTheCircuitsOwnSettings) {
  const auto sut = plan_of(
      "blocks:\n  s: {type: script.any, params: {count: 2}}\n  n: {type: core.null}\n"
      "wires: [s.out1 -> n.in]\n");

  EXPECT_EQ(sut.blocks[0].type.info.ports.size(), 2U);
}

TEST(CircuitCheckTest, DefaultsGoToTheBlocksThatCanHaveThem) {
  const auto sut = plan_of(
      "defaults: {rate: 10, live: true, threads: auto, params: {low: 7}}\n"
      "blocks:\n  v: {type: io.video_file}\n  fast: {type: io.video_file, rate: 20, live: false}\n"
      "  d: {type: vision.edge_detector, threads: 2}\nwires: [v.frames -> d.image]\n");

  EXPECT_EQ(sut.blocks[0].rate_hz, 10.0);
  EXPECT_TRUE(sut.blocks[0].live);
  EXPECT_EQ(sut.blocks[0].threads, 0);
  EXPECT_EQ(sut.blocks[1].rate_hz, 20.0);
  EXPECT_FALSE(sut.blocks[1].live);
  EXPECT_EQ(sut.blocks[2].rate_hz, std::nullopt);
  EXPECT_EQ(sut.blocks[2].threads, 2);
  EXPECT_EQ(setting(sut.blocks[2], "low"), ParamValue(std::int64_t{7}));
  EXPECT_TRUE(sut.blocks[0].params.empty());
}

TEST(CircuitCheckTest, WarnsOfABlockWithoutWires) {
  auto types = usual_types();
  Diagnostics warnings;

  check_circuit(parsed("blocks:\n  v: {type: io.video_file}\n"), types, &warnings);

  EXPECT_EQ(to_string(warnings),
            "dir/c.yaml:2:3: warning: block 'v' has no wires\n  v: {type: io.video_file}\n  ^");
}

TEST(CircuitCheckTest, NamesTheNearestTypeAndTheFoldersSearched) {
  auto types = usual_types();
  try {
    check_circuit(parsed("blocks:\n  detect: {type: vision.edge_detektor}\n"), types);
    FAIL() << "accepted";
  } catch (const CircuitError& error) {
    EXPECT_STREQ(error.what(),
                 "dir/c.yaml:2:18: no block type 'vision.edge_detektor'; did you mean "
                 "'vision.edge_detector'? (searched: /one, /two words)\n"
                 "  detect: {type: vision.edge_detektor}\n"
                 "                 ^");
  }
}

TEST(CircuitCheckTest, FindsATypeInAnotherFamily) {
  EXPECT_EQ(refusal_of("blocks:\n  d: {type: image_processing.overlay}\n"),
            "dir/c.yaml:2:13: no block type 'image_processing.overlay'; did you mean "
            "'vision.overlay'? (searched: /one, /two words)");
}

TEST(CircuitCheckTest, RefusesAnUnknownParameter) {
  EXPECT_EQ(refusal_of("blocks:\n  v: {type: io.video_file, params: {titel: x}}\n"),
            "dir/c.yaml:2:37: 'io.video_file' has no parameter 'titel'; did you mean 'title'? "
            "(it has path, loop, title, pause)");
  EXPECT_EQ(refusal_of("blocks:\n  c: {type: io.camera, params: {size: 1}}\n"),
            "dir/c.yaml:2:33: 'io.camera' has no parameter 'size' (it has none)");
}

TEST(CircuitCheckTest, RefusesAParameterOutOfRange) {
  const std::string tail = "  v: {type: io.video_file}\nwires: [v.frames -> d.image]\n";
  EXPECT_EQ(refusal_of("blocks:\n  d: {type: vision.edge_detector, params: {low: 5000}}\n" + tail),
            "dir/c.yaml:2:49: 'low' must be in [0, 1000], not 5000 (Gradients below this are never "
            "edges)");
}

TEST(CircuitCheckTest, RefusesAParameterOfTheWrongType) {
  EXPECT_EQ(refusal_of("blocks:\n  v: {type: io.video_file, params: {loop: yes}}\n"),
            "dir/c.yaml:2:43: 'loop' must be true or false, not 'yes'");
  EXPECT_EQ(refusal_of("blocks:\n  s: {type: script.any, params: {count: \"3\"}}\n"),
            "dir/c.yaml:2:41: 'count' must be an integer, not '3'");
}

TEST(CircuitCheckTest, RefusesADurationWithoutAUnit) {
  EXPECT_EQ(refusal_of("blocks:\n  v: {type: io.video_file, params: {pause: 50}}\n"),
            "dir/c.yaml:2:44: 'pause' needs a unit, such as 50ms or 50s");
}

TEST(CircuitCheckTest, ShowsWhatWasTypedForASettingOfTheCommandLine) {
  auto circuit = parsed(kEdges);
  apply_set(circuit, "detect.low=5000");
  EXPECT_EQ(refusal_of(circuit),
            "--set detect.low=5000: 'low' must be in [0, 1000], not 5000 (Gradients below this are "
            "never edges)");

  circuit = parsed(kEdges);
  apply_set(circuit, "detect.lo=5");
  EXPECT_EQ(refusal_of(circuit),
            "--set detect.lo=5: 'vision.edge_detector' has no parameter 'lo'; did you mean 'low'? "
            "(it has low, high)");
}

TEST(CircuitCheckTest, RefusesADefaultThatNoBlockHas) {
  EXPECT_EQ(refusal_of("defaults: {params: {lop: true}}\nblocks: {v: {type: io.video_file}}\n"),
            "dir/c.yaml:1:21: no block has a parameter 'lop'; did you mean 'loop'?");
}

TEST(CircuitCheckTest, RefusesAnUnknownBlockOrPort) {
  EXPECT_EQ(refusal_of("blocks:\n  view: {type: io.screen}\n  file: {type: io.video_file}\n"
                       "wires:\n  - files.frames -> view.image\n  - file.frame -> view.image\n"),
            "dir/c.yaml:5:5: no block 'files' in this circuit; did you mean 'file'?\n"
            "dir/c.yaml:6:5: 'io.video_file' has no output 'frame'; did you mean 'frames'? (it has "
            "frames)\n"
            "dir/c.yaml:6:19: two wires lead into 'view.image', which takes one");
}

TEST(CircuitCheckTest, RefusesAWireTheWrongWayRound) {
  EXPECT_EQ(refusal_of("blocks:\n  view: {type: core.null}\n  file: {type: io.video_file}\n"
                       "wires:\n  - view.in -> file.frames\n  - file.frames -> view.in\n"),
            "dir/c.yaml:5:5: 'in' of 'core.null' is an input; a wire begins at an output\n"
            "dir/c.yaml:5:16: 'frames' of 'io.video_file' is an output; a wire ends at an input");
}

TEST(CircuitCheckTest, RefusesTwoWiresIntoOneInput) {
  EXPECT_EQ(refusal_of("blocks:\n  v: {type: io.video_file}\n  n: {type: core.null}\n"
                       "wires:\n  - v.frames -> n.in\n  - v.frames -> n.in\n"),
            "dir/c.yaml:6:17: two wires lead into 'n.in', which takes one");
}

TEST(CircuitCheckTest, RefusesAnInputWithoutAWire) {
  EXPECT_EQ(refusal_of("blocks:\n  n: {type: core.null}\n  m: {type: flow.merge}\n"),
            "dir/c.yaml:2:3: nothing is wired into 'n.in'\n"
            "dir/c.yaml:3:3: nothing is wired into 'm.images'");
}

TEST(CircuitCheckTest, RefusesTypesThatDoNotFit) {
  EXPECT_EQ(refusal_of("blocks:\n  c: {type: control.constant}\n  view: {type: io.screen}\n"
                       "wires:\n  - c.value -> view.image\n"),
            "dir/c.yaml:5:16: 'c.value' gives number, but 'view.image' takes image; wire it to an "
            "input for number, or put a block between them that makes image of it");
  EXPECT_EQ(
      refusal_of("blocks:\n  v: {type: io.video_file}\n  d: {type: vision.edge_detector}\n"
                 "  d2: {type: vision.edge_detector}\n  p: {type: flow.pass}\n"
                 "wires:\n  - v.frames -> d.image\n  - d.edges -> p.in\n  - p.out -> d2.image\n"),
      "dir/c.yaml:9:14: 'p.out' gives image/gray8, but 'd2.image' takes image/bgr8; put a "
      "block between them that converts the picture");
}

TEST(CircuitCheckTest, RefusesRecordsOfOneNameWithDifferentFields) {
  FakeTypeSource types;
  types.add("a.out", {out("p", "record/point")}).ports[0].fields = {{"x", "f64", 0}};
  types.add("a.in", {in("p", "record/point")}).ports[0].fields = {{"x", "f32", 0}};
  try {
    check_circuit(parsed("blocks:\n  o: {type: a.out}\n  i: {type: a.in}\nwires: [o.p -> i.p]\n"),
                  types);
    FAIL() << "accepted";
  } catch (const CircuitError& error) {
    EXPECT_EQ(error.diagnostics().all().at(0).message,
              "'o.p' and 'i.p' mean different things by record/point: their fields differ; build "
              "both plugins from the same declaration");
  }
}

TEST(CircuitCheckTest, RefusesACycleWithoutALatest) {
  EXPECT_EQ(
      refusal_of("blocks:\n  v: {type: io.video_file}\n  m: {type: flow.merge}\n"
                 "  p: {type: flow.pass}\n"
                 "wires:\n  - v.frames -> m.images\n  - m.result -> p.in\n  - p.out -> m.images\n"),
      "dir/c.yaml:8:5: the wires m -> p -> m form a cycle in which every block waits for "
      "another; one of them must lead into a Latest");
  EXPECT_EQ(refusal_of("blocks:\n  p: {type: flow.pass}\nwires:\n  - p.out -> p.in\n"),
            "dir/c.yaml:4:5: the wires p -> p form a cycle in which every block waits for another; "
            "one of them must lead into a Latest");
}

TEST(CircuitCheckTest, RefusesAnotherPolicyOrDepthForALatest) {
  const std::string head =
      "blocks:\n  c: {type: control.constant}\n  s: {type: control.sampler, rate: 2}\nwires:\n";
  EXPECT_EQ(refusal_of(head + "  - {from: c.value, to: s.value, policy: wait}\n"),
            "dir/c.yaml:5:42: a wire into the Latest 's.value' is always drop_oldest of depth 1; "
            "leave out 'policy'");
  EXPECT_EQ(refusal_of(head + "  - {from: c.value, to: s.value, depth: 2}\n"),
            "dir/c.yaml:5:41: a wire into the Latest 's.value' is always drop_oldest of depth 1; "
            "leave out 'depth'");
  EXPECT_EQ(refusal_of(head + "  - {from: c.value, to: s.value, policy: drop_oldest, depth: 1}\n"),
            "accepted");
}

TEST(CircuitCheckTest, ABlockWithOnlyALatestNeedsARate) {
  EXPECT_EQ(
      refusal_of("blocks:\n  c: {type: control.constant}\n  s: {type: control.sampler}\n"
                 "wires:\n  - c.value -> s.value\n"),
      "dir/c.yaml:3:3: block 's' needs a 'rate': a Latest input is read, but never triggers it");
}

TEST(CircuitCheckTest, RefusesARateOrLiveForABlockThatIsTriggered) {
  EXPECT_EQ(refusal_of(
                "blocks:\n  v: {type: io.video_file}\n  n: {type: core.null, rate: 5, live: true}\n"
                "wires:\n  - v.frames -> n.in\n"),
            "dir/c.yaml:3:30: 'rate' is for blocks without inputs that trigger them; 'n' runs when "
            "its inputs arrive\n"
            "dir/c.yaml:3:39: 'live' is for blocks without inputs that trigger them; 'n' runs when "
            "its inputs arrive");
}

TEST(CircuitCheckTest, RefusesInputsThatShareNoSource) {
  const std::string wires =
      "wires:\n  - a.frames -> m.images\n  - b.frames -> p.in\n  - p.out -> m.images\n";
  const std::string blocks =
      "blocks:\n  a: {type: io.video_file}\n  b: {type: io.video_file}\n  p: {type: flow.pass}\n";
  EXPECT_EQ(
      refusal_of(blocks + "  m: {type: flow.merge}\n" + wires),
      "dir/c.yaml:9:14: the inputs of 'm' share no source, so their frames never match: "
      "'images[0]' comes from a, 'images[1]' comes from b (if they are of one moment, say how "
      "far apart: 'sync: {tolerance: 15ms}'; if their stamps are equal all the same: 'sync: "
      "{by: stamp}')");
  EXPECT_EQ(refusal_of(blocks + "  m: {type: flow.merge, sync: {by: stamp}}\n" + wires),
            "accepted");
}

TEST(CircuitCheckTest, OneMistakeIsOneMessage) {
  // With the camera's type unknown, neither its ports nor who shares it as a source are known.
  EXPECT_EQ(
      refusal_of(
          "blocks:\n  a: {type: io.camrea}\n  b: {type: io.video_file}\n  m: {type: flow.merge}\n"
          "wires:\n  - a.any -> m.images\n  - b.frames -> m.images\n"),
      "dir/c.yaml:2:13: no block type 'io.camrea'; did you mean 'io.camera'? (searched: /one, "
      "/two words)");
}

TEST(CircuitCheckTest, AddsItsErrorsToThoseOfTheParserButNotWhatFollowsFromThem) {
  TemporaryFolder folder;
  const auto file = folder.path() / "c.yaml";
  std::ofstream(file) << "blocks:\n"
                         "  camera: {type: io.video_file, rate: fast}\n"
                         "  detect: {type: vision.edge_detector, params: {low: 5000}}\n"
                         "  view:   {type: io.screen}\n"
                         "wires:\n"
                         "  - camera.frames -> detect.image\n"
                         "  - detect.edges > view.image\n";
  Diagnostics errors;
  const auto circuit = parse_circuit(file, errors);
  auto types = usual_types();
  try {
    check_circuit(circuit, types, nullptr, std::move(errors));
    FAIL() << "accepted";
  } catch (const CircuitError& error) {
    std::vector<int> lines;
    for (const auto& diagnostic : error.diagnostics().all()) lines.push_back(diagnostic.place.line);
    EXPECT_EQ(lines, (std::vector{2, 3, 7})) << error.what();
  }
}

TEST(CircuitCheckTest, SaysWhyADynamicTypeCannotBeDescribed) {
  EXPECT_EQ(
      refusal_of("blocks:\n  s: {type: script.any, params: {count: 13}}\n"),
      "dir/c.yaml:2:3: 'script.any' cannot be set up with these params: thirteen brings bad luck");
}

TEST(CircuitCheckTest, LimitsTheWiresOfAnOutput) {
  std::string text = "blocks:\n  v: {type: io.video_file}\n  m: {type: flow.merge}\nwires:\n";
  for (int i = 0; i < 66; ++i) text += "  - v.frames -> m.images\n";
  EXPECT_EQ(refusal_of(text), "dir/c.yaml:69:5: more than 64 wires out of 'v.frames'");
}

}  // namespace
}  // namespace vcengine
