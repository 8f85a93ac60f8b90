/// What `check` and `inspect` say of a circuit.
#include "engine/commands/plan_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/commands/plan_json.hpp"
#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

const std::string kRejoin =
    "circuit: rejoin\n"
    "blocks:\n"
    "  camera: {type: io.camera}\n"
    "  detect: {type: vision.edge_detector}\n"
    "  paint:  {type: vision.overlay}\n"
    "  view:   {type: io.screen}\n"
    "  aside:  {type: io.screen}\n"
    "wires:\n"
    "  - camera.frames -> detect.image\n"
    "  - camera.frames -> paint.base\n"
    "  - detect.edges -> paint.mask\n"
    "  - paint.result -> view.image\n"
    "  - camera.frames -> aside.image\n";

TEST(PlanTextTest, AGroupIsExplainedInASentence) {
  EXPECT_EQ(groups_text(plan_of(kRejoin)),
            "camera is live: it lets a frame in for detect, paint and view together, or drops it "
            "for all (busy), because its branches meet again in paint\n");
}

TEST(PlanTextTest, WithoutAGroupNothingIsSaid) {
  EXPECT_EQ(groups_text(plan_of(kRejoin, {.offline = true})), "");
}

TEST(PlanTextTest, FramesThatMeetThoseOfAnotherSourceAreSaidSo) {
  EXPECT_EQ(groups_text(plan_of(
                "blocks:\n  left: {type: io.camera}\n  right: {type: io.camera}\n"
                "  pair: {type: flow.join, sync: {tolerance: 15ms}}\n"
                "  mix: {type: flow.join, sync: {tolerance: 15ms}}\n"
                "wires: [left.frames -> pair.a, right.frames -> pair.b, pair.out -> mix.a,\n"
                "        left.frames -> mix.b]\n")),
            "left is live: it lets a frame in for pair and mix together, or drops it for all "
            "(busy), because its branches meet again in mix and its frames meet those of right in "
            "pair\n"
            "right is live: it lets a frame in for pair and mix together, or drops it for all "
            "(busy), because its frames meet those of left in pair and mix\n");
}

TEST(PlanTextTest, AGroupOfOneLetsFramesInForOne) {
  EXPECT_EQ(groups_text(plan_of("blocks:\n  cam: {type: io.stereo}\n  j: {type: flow.join}\n"
                                "wires: [cam.left -> j.a, cam.right -> j.b]\n")),
            "cam is live: it lets a frame in for j, or drops it (busy), because its branches meet "
            "again in j\n");
}

TEST(PlanTextTest, ShowsWhatRunsEachBlockAndWhyEachWireWaitsOrDrops) {
  EXPECT_EQ(plan_text(plan_of(kRejoin)),
            "rejoin: 5 blocks, 5 wires, clock wall\n"
            "\n"
            "block   type                  runs\n"
            "camera  io.camera             source, live\n"
            "detect  vision.edge_detector  for each image\n"
            "paint   vision.overlay        for each base + mask, of equal stamps\n"
            "view    io.screen             for each image\n"
            "aside   io.screen             for each image\n"
            "\n"
            "wire                           policy       depth  why\n"
            "camera.frames -> detect.image  wait             1  frames are let in together\n"
            "camera.frames -> paint.base    wait             2  frames are let in together\n"
            "detect.edges -> paint.mask     wait             2  frames are let in together\n"
            "paint.result -> view.image     wait             1  frames are let in together\n"
            "camera.frames -> aside.image   drop_oldest      1  camera is live\n"
            "\n"
            "camera is live: it lets a frame in for detect, paint and view together, or drops it "
            "for all (busy), because its branches meet again in paint\n");
}

const std::string kOfEverything =
    "circuit: c\nclock: media\nblocks:\n  v: {type: io.video_file}\n"
    "  w: {type: io.camera, rate: 12.5}\n"
    "  j: {type: flow.optional_join, sync: {tolerance: 15ms, wait: 50ms, on_miss: partial}}\n"
    "  h: {type: flow.hold}\n  x: {type: io.video_file}\n  p: {type: flow.pass}\n"
    "  o: {type: flow.join, sync: {by: order}}\nwires:\n"
    "  - {from: v.frames, to: j.a, depth: 7}\n"
    "  - {from: w.frames, to: j.b, policy: drop_oldest, depth: 3}\n"
    "  - v.frames -> h.in\n  - h.out -> h.value\n"
    "  - j.out -> p.in\n  - p.out -> o.a\n  - x.frames -> o.b\n";

TEST(PlanTextTest, SaysWhatTheFileSays) {
  EXPECT_EQ(plan_text(plan_of(kOfEverything, {.offline = true})),
            "c: 7 blocks, 7 wires, clock media, offline\n"
            "\n"
            "block  type                runs\n"
            "v      io.video_file       source\n"
            "w      io.camera           source, 12.5 times a second\n"
            "j      flow.optional_join  for each a + b, within 15ms, waits 50ms at most, also "
            "without those that may be missing\n"
            "h      flow.hold           for each in\n"
            "x      io.video_file       source\n"
            "p      flow.pass           for each in\n"
            "o      flow.join           for each a + b, in their order\n"
            "\n"
            "wire              policy  depth  why\n"
            "v.frames -> j.a   wait        7  offline every wire waits, depth as the file says\n"
            "w.frames -> j.b   wait        2  offline every wire waits\n"
            "v.frames -> h.in  wait        2  offline every wire waits\n"
            "h.out -> h.value  wait        2  closes a loop: brings what was before\n"
            "j.out -> p.in     wait        2  offline every wire waits\n"
            "p.out -> o.a      wait        2  offline every wire waits\n"
            "x.frames -> o.b   wait        3  offline every wire waits, room for what is on a "
            "longer way\n"
            "\n"
            "v.frames is as fast as the slowest of j.a and h.in\n");
}

TEST(PlanTextTest, SaysWhoDropsAndWhy) {
  const std::string text =
      "circuit: c\nblocks:\n  v: {type: io.video_file}\n  h: {type: flow.hold}\nwires:\n"
      "  - {from: v.frames, to: h.in, policy: drop_oldest, depth: 3}\n  - h.out -> h.value\n";
  const auto sut = plan_text(plan_of(text));
  EXPECT_NE(sut.find("v.frames -> h.in  drop_oldest      3  as the file says\n"), std::string::npos)
      << sut;
  EXPECT_NE(sut.find("h.out -> h.value  drop_oldest      1  only the newest is read\n"),
            std::string::npos)
      << sut;
}

const std::vector<int> kFourCores{0, 1, 2, 3};
const std::string kOfResources =
    "circuit: c\ndefaults: {memory: 1.5GiB}\nblocks:\n"
    "  v: {type: io.video_file, cpu: [0, 2-3], nice: -5, memory: 512MB, cwd: /tmp, threads: auto,\n"
    "      env: {B: \"two\\nlines\", A: 1}}\n"
    "  p: {type: core.null}\nwires: [v.frames -> p.in]\n";

TEST(PlanTextTest, ShowsWhatProcessesMayUseWhereTheFileSaysSo) {
  const auto sut = plan_text(plan_of(kOfResources, {.cores = &kFourCores}));
  EXPECT_NE(sut.find("\n"
                     "block  cpu     nice    memory  threads  cwd   env\n"
                     "v      0, 2-3    -5    512 MB     auto  /tmp  A=1 B=two?lines\n"
                     "p      -          -  1536 MiB        1  -     -\n"
                     "\n"),
            std::string::npos)
      << sut;
}

TEST(PlanTextTest, JsonSaysWhatProcessesMayUse) {
  const auto json = plan_json(plan_of(kOfResources, {.cores = &kFourCores}));
  const auto& sut = json.as_object().at("blocks").as_array().at(0).as_object();
  EXPECT_EQ(to_text(sut.at("cpu")), "[0,2,3]");
  EXPECT_EQ(to_text(sut.at("nice")), "-5");
  EXPECT_EQ(to_text(sut.at("memory")), "512000000");
  EXPECT_EQ(to_text(sut.at("cwd")), R"("/tmp")");
  EXPECT_EQ(to_text(sut.at("env")), R"({"A":"1","B":"two\nlines"})");
}

TEST(PlanTextTest, JsonSaysTheSameToPrograms) {
  const auto json = plan_json(plan_of(kRejoin));

  const auto& sut = json.as_object();
  EXPECT_EQ(to_text(sut.at("groups")),
            R"([{"source":"camera","members":[)"
            R"({"block":"detect","after":[],"joins":false},)"
            R"({"block":"paint","after":["detect"],"joins":true},)"
            R"({"block":"view","after":["paint"],"joins":false}],)"
            R"("wires":["detect.image","paint.base"],"meets":["paint"]}])");
  EXPECT_EQ(to_text(sut.at("wires").as_array().at(4)),
            R"({"from":"camera.frames","to":"aside.image","policy":"drop_oldest","depth":1,)"
            R"("latest":false,"feedback":false,"why":"camera is live"})");
  EXPECT_EQ(
      to_text(sut.at("blocks").as_array().at(0)),
      R"({"name":"camera","type":"io.camera","plugin":"","source":true,"sink":false,)"
      R"("live":true,"rate_hz":null,"threads":1,"params":{},"sync":null,"cpu":[],"nice":null,"memory":null,"cwd":null,)"
      R"("env":{}})");
  EXPECT_EQ(to_text(sut.at("blocks").as_array().at(2).as_object().at("sync")),
            R"({"by":"stamp","tolerance_ns":0,"wait_ns":null,"on_miss":"drop"})");
  EXPECT_EQ(to_text(sut.at("clock")), "\"wall\"");
  EXPECT_EQ(to_text(sut.at("offline")), "false");
}

}  // namespace
}  // namespace vcengine
