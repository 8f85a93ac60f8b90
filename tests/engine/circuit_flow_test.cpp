/// What the check plans over the whole graph: policies, admission groups, depths, and the same for
/// a run with --offline.
#include <gtest/gtest.h>

#include <string>

#include "engine/circuit/circuit_check.hpp"
#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

constexpr CheckOptions kOffline{.offline = true};

/// "cam.frames -> view.image drop_oldest 1", a line for each wire.
std::string wires_of(const Plan& plan) {
  std::string text;
  for (std::size_t i = 0; i < plan.wires.size(); ++i) {
    const auto& wire = plan.wires[i];
    text += plan.blocks[wire.from_block].name + '.' + wire.from_port + " -> " + plan.wire_name(i) +
            (wire.policy == WirePolicy::wait ? " wait " : " drop_oldest ") +
            std::to_string(wire.depth) + (wire.feedback ? " feedback\n" : "\n");
  }
  return text;
}

/// "cam over wires 0 1: detect(cam) paint(cam detect)* view(paint); meet in paint": members with
/// those whose frames they take, a star for those that join.
std::string groups_of(const Plan& plan) {
  std::string text;
  for (const auto& group : plan.groups) {
    const auto& source = plan.blocks[group.source].name;
    text += source + " over wires";
    for (const auto wire : group.wires) text += ' ' + std::to_string(wire);
    text += ':';
    for (const auto& member : group.members) {
      text += ' ' + plan.blocks[member.block].name + '(';
      for (const auto before : member.after)
        text += (text.back() == '(' ? "" : " ") + plan.blocks[group.members[before].block].name;
      text += member.joins ? ")*" : ")";
    }
    text += "; meet in";
    for (const auto block : group.meets) text += ' ' + plan.blocks[block].name;
    text += '\n';
  }
  return text;
}

const std::string kRejoin =
    "blocks:\n"
    "  cam:    {type: io.camera}\n"
    "  detect: {type: vision.edge_detector}\n"
    "  paint:  {type: flow.join}\n"
    "  view:   {type: io.screen}\n"
    "wires:\n"
    "  - cam.frames -> detect.image\n"
    "  - cam.frames -> paint.a\n"
    "  - detect.edges -> paint.b\n"
    "  - paint.out -> view.image\n";

TEST(CircuitFlowTest, BranchesOfALiveSourceThatMeetWaitAndFormAGroupWithTheirTail) {
  const auto sut = plan_of(kRejoin);

  EXPECT_EQ(wires_of(sut),
            "cam.frames -> detect.image wait 1\n"
            "cam.frames -> paint.a wait 2\n"
            "detect.edges -> paint.b wait 2\n"
            "paint.out -> view.image wait 1\n");
  EXPECT_EQ(groups_of(sut),
            "cam over wires 0 1: detect() paint(detect)* view(paint); meet in paint\n");
}

TEST(CircuitFlowTest, WhatIsNotLiveHasNoGroup) {
  auto text = kRejoin;
  text.replace(text.find("io.camera"), 9, "io.camera, live: false");
  const auto sut = plan_of(text);

  EXPECT_EQ(wires_of(sut),
            "cam.frames -> detect.image wait 2\n"
            "cam.frames -> paint.a wait 2\n"
            "detect.edges -> paint.b wait 2\n"
            "paint.out -> view.image wait 2\n");
  EXPECT_EQ(groups_of(sut), "");
}

TEST(CircuitFlowTest, ABranchThatMeetsNoneKeepsDropping) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera}\n  a: {type: flow.pass}\n  b: {type: flow.pass}\n"
      "  j: {type: flow.join}\n  alone: {type: flow.pass}\n  end: {type: core.null}\n"
      "wires: [cam.frames -> a.in, cam.frames -> b.in, cam.frames -> alone.in, a.out -> j.a,\n"
      "        b.out -> j.b, alone.out -> end.in]\n");

  EXPECT_EQ(wires_of(sut),
            "cam.frames -> a.in wait 1\n"
            "cam.frames -> b.in wait 1\n"
            "cam.frames -> alone.in drop_oldest 1\n"
            "a.out -> j.a wait 2\n"
            "b.out -> j.b wait 2\n"
            "alone.out -> end.in wait 2\n");
  EXPECT_EQ(groups_of(sut), "cam over wires 0 1: a() b() j(a b)*; meet in j\n");
}

TEST(CircuitFlowTest, AJoinInsideABranchAndOneBehindItAreOneGroup) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera}\n  a: {type: flow.pass}\n  inner: {type: flow.join}\n"
      "  b: {type: flow.pass}\n  outer: {type: flow.join}\n  view: {type: core.null}\n"
      "wires: [cam.frames -> a.in, a.out -> inner.a, cam.frames -> inner.b, inner.out -> b.in,\n"
      "        b.out -> outer.a, cam.frames -> outer.b, outer.out -> view.in]\n");

  EXPECT_EQ(groups_of(sut),
            "cam over wires 0 2 5: a() inner(a)* b(inner) outer(b)* view(outer); meet in inner "
            "outer\n");
  EXPECT_EQ(wires_of(sut),
            "cam.frames -> a.in wait 1\n"
            "a.out -> inner.a wait 2\n"
            "cam.frames -> inner.b wait 2\n"
            "inner.out -> b.in wait 1\n"
            "b.out -> outer.a wait 2\n"
            "cam.frames -> outer.b wait 4\n"
            "outer.out -> view.in wait 1\n");
}

TEST(CircuitFlowTest, SeveralJoinsOfOneSourceAreOneGroup) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera}\n  a: {type: flow.pass}\n  b: {type: flow.pass}\n"
      "  j: {type: flow.join}\n  k: {type: flow.join}\n"
      "wires: [cam.frames -> a.in, cam.frames -> b.in, a.out -> j.a, cam.frames -> j.b,\n"
      "        b.out -> k.a, cam.frames -> k.b]\n");

  EXPECT_EQ(groups_of(sut), "cam over wires 0 1 3 5: a() b() j(a)* k(b)*; meet in j k\n");
}

TEST(CircuitFlowTest, AJoinOfTwoLiveSourcesMakesAGroupOfEach) {
  const auto sut = plan_of(
      "blocks:\n  left: {type: io.camera}\n  right: {type: io.camera}\n  a: {type: flow.pass}\n"
      "  j: {type: flow.join, sync: {tolerance: 15ms}}\n  view: {type: core.null}\n"
      "wires: [left.frames -> a.in, a.out -> j.a, right.frames -> j.b, j.out -> view.in]\n");

  EXPECT_EQ(groups_of(sut),
            "left over wires 0: a() j(a)* view(j); meet in j\n"
            "right over wires 2: j()* view(j); meet in j\n");
}

TEST(CircuitFlowTest, TwoOutputsOfALiveSourceMeetLikeTwoBranches) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.stereo}\n  a: {type: flow.pass}\n  j: {type: flow.join}\n"
      "wires: [cam.left -> a.in, a.out -> j.a, cam.right -> j.b]\n");

  EXPECT_EQ(groups_of(sut), "cam over wires 0 2: a() j(a)*; meet in j\n");
}

TEST(CircuitFlowTest, TwoWiresIntoOneInputsMeetToo) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera}\n  m: {type: flow.merge}\n"
      "wires: [cam.frames -> m.images, cam.frames -> m.images]\n");

  EXPECT_EQ(groups_of(sut), "cam over wires 0 1: m()*; meet in m\n");
}

TEST(CircuitFlowTest, ALatestIsNoMeeting) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera}\n  a: {type: flow.pass}\n  h: {type: flow.hold}\n"
      "wires: [cam.frames -> a.in, a.out -> h.value, cam.frames -> h.in]\n");

  EXPECT_EQ(wires_of(sut),
            "cam.frames -> a.in drop_oldest 1\n"
            "a.out -> h.value drop_oldest 1\n"
            "cam.frames -> h.in drop_oldest 1\n");
  EXPECT_EQ(groups_of(sut), "");
}

TEST(CircuitFlowTest, AGroupEndsWhereAWireDropsAndWhereALatestReads) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera}\n  j: {type: flow.join}\n  view: {type: core.null}\n"
      "  tick: {type: io.video_file}\n  h: {type: flow.hold}\n"
      "wires:\n  - cam.frames -> j.a\n  - cam.frames -> j.b\n"
      "  - {from: j.out, to: view.in, policy: drop_oldest}\n"
      "  - j.out -> h.value\n  - tick.frames -> h.in\n");

  EXPECT_EQ(groups_of(sut), "cam over wires 0 1: j()*; meet in j\n");
}

TEST(CircuitFlowTest, WhatTheUserSaysOfAWireIsDone) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera}\n  a: {type: flow.pass}\n  b: {type: flow.pass}\n"
      "  j: {type: flow.join}\n  view: {type: core.null}\n"
      "wires:\n  - {from: cam.frames, to: a.in, depth: 3}\n"
      "  - {from: cam.frames, to: b.in, policy: drop_oldest}\n"
      "  - {from: a.out, to: j.a, policy: wait, depth: 5}\n  - b.out -> j.b\n"
      "  - {from: cam.frames, to: view.in, policy: wait}\n");

  EXPECT_EQ(wires_of(sut),
            "cam.frames -> a.in wait 3\n"
            "cam.frames -> b.in drop_oldest 1\n"
            "a.out -> j.a wait 5\n"
            "b.out -> j.b wait 2\n"
            "cam.frames -> view.in wait 2\n");
  EXPECT_EQ(groups_of(sut), "cam over wires 0: a() j(a)*; meet in j\n");
}

TEST(CircuitFlowTest, WarnsOfABranchThatDropsOnItsOwn) {
  const std::string blocks =
      "blocks:\n  cam: {type: io.camera}\n  a: {type: flow.pass}\n  b: {type: flow.pass}\n"
      "  j: {type: flow.join}\nwires:\n";
  const std::string warning =
      ": warning: frames dropped here lose their partners at 'j'; leave 'policy' out: then the "
      "live source drops a frame for all branches or for none";

  EXPECT_EQ(warnings_of(blocks + "  - {from: cam.frames, to: a.in, policy: drop_oldest}\n"
                                 "  - {from: a.out, to: b.in, policy: drop_oldest}\n"
                                 "  - b.out -> j.a\n  - cam.frames -> j.b\n"),
            "dir/c.yaml:7:42" + warning + "\ndir/c.yaml:8:37" + warning);
  EXPECT_EQ(warnings_of(blocks + "  - {from: cam.frames, to: a.in, policy: drop_oldest}\n"
                                 "  - a.out -> b.in\n  - b.out -> j.a\n  - a.out -> j.b\n"),
            "")
      << "the way parts only behind the wire that drops";
  EXPECT_EQ(warnings_of(blocks + "  - cam.frames -> a.in\n  - cam.frames -> b.in\n"
                                 "  - a.out -> j.a\n  - b.out -> j.b\n"),
            "");
}

TEST(CircuitFlowTest, NoWarningWhereAFileFeedsTheBranches) {
  EXPECT_EQ(warnings_of("blocks:\n  v: {type: io.video_file}\n  a: {type: flow.pass}\n"
                        "  j: {type: flow.join}\nwires:\n  - v.frames -> a.in\n  - a.out -> j.a\n"
                        "  - {from: v.frames, to: j.b, policy: drop_oldest}\n"),
            "");
}

/// A chain of `blocks` blocks of a type beside the wire `v.frames -> j.b`.
std::string detour(int blocks, const std::string& type = "flow.pass") {
  std::string text = "blocks:\n  v: {type: io.video_file}\n  j: {type: flow.join}\n";
  std::string wires = "wires:\n  - v.frames -> j.b\n";
  std::string from = "v.frames";
  for (int i = 0; i < blocks; ++i) {
    const auto name = 'b' + std::to_string(i);
    text.append("  ").append(name).append(": {type: ").append(type).append("}\n");
    wires.append("  - ").append(from).append(" -> ").append(name).append(".in\n");
    from = name + ".out";
  }
  return text + wires + "  - " + from + " -> j.a\n";
}

TEST(CircuitFlowTest, TheShorterWayHoldsWhatTheLongerOneWorksOn) {
  EXPECT_EQ(plan_of(detour(0)).wires[0].depth, 2U);
  EXPECT_EQ(plan_of(detour(1)).wires[0].depth, 2U);
  EXPECT_EQ(plan_of(detour(2)).wires[0].depth, 3U);
  const auto sut = plan_of(detour(5));
  EXPECT_EQ(sut.wires[0].depth, 6U);
  EXPECT_EQ(sut.wires[1].depth, 2U) << "on the way nothing queues up";
  EXPECT_EQ(sut.wires.back().depth, 2U) << "the longer way itself need hold none";
  EXPECT_EQ(plan_of(detour(1, "vision.smooth")).wires[0].depth, 4U)
      << "one block and the two frames that it may keep back";
}

TEST(CircuitFlowTest, AWireThatDropsHoldsAsMuch) {
  auto text = detour(3);
  text.replace(text.find("v.frames -> j.b"), 15, "{from: v.frames, to: j.b, policy: drop_oldest}");
  EXPECT_EQ(plan_of(text).wires[0].depth, 4U);
}

TEST(CircuitFlowTest, RefusesAWayThatIsTooLongToQueueUpBeside) {
  EXPECT_EQ(plan_of(detour(63)).wires[0].depth, 64U);
  auto text = detour(64);
  EXPECT_EQ(refusal_of(text),
            "dir/c.yaml:69:17: frames for 'j.b' would queue up here while 64 more are on a longer "
            "way to 'j', but a wire holds at most 64; say 'depth: 64', then the longer way works "
            "on fewer at a time");
  text.replace(text.find("v.frames -> j.b"), 15, "{from: v.frames, to: j.b, depth: 64}");
  EXPECT_EQ(refusal_of(text), "accepted");
  EXPECT_EQ(refusal_of(detour(1, "vision.archive")),
            "dir/c.yaml:6:17: frames for 'j.b' would queue up here while 71 more are on a longer "
            "way to 'j', but a wire holds at most 64; take them from a block further on");
}

TEST(CircuitFlowTest, ALatestThatClosesALoopIsFeedback) {
  const auto sut = plan_of(
      "blocks:\n  v: {type: io.video_file}\n  h: {type: flow.hold}\n  back: {type: flow.hold}\n"
      "  p: {type: flow.pass}\n  k: {type: flow.hold}\n"
      "wires: [v.frames -> h.in, h.out -> back.value, v.frames -> back.in, back.out -> h.value,\n"
      "        v.frames -> p.in, p.out -> k.value, h.out -> k.in]\n");

  EXPECT_TRUE(sut.wires[1].feedback);
  EXPECT_TRUE(sut.wires[3].feedback);
  EXPECT_FALSE(sut.wires[5].feedback);
  for (const std::size_t triggering : {0, 2, 4, 6}) EXPECT_FALSE(sut.wires[triggering].feedback);
}

TEST(CircuitFlowTest, OfflineNothingIsLiveAndEachWireWaits) {
  const auto sut = plan_of(
      "blocks:\n  cam: {type: io.camera, live: true}\n  a: {type: flow.pass}\n"
      "  h: {type: flow.hold}\n  j: {type: flow.join}\nwires:\n"
      "  - {from: cam.frames, to: a.in, policy: drop_oldest, depth: 7}\n"
      "  - {from: cam.frames, to: h.value, policy: drop_oldest, depth: 1}\n  - a.out -> h.in\n"
      "  - {from: a.out, to: j.a, depth: 5}\n  - h.out -> j.b\n",
      kOffline);

  EXPECT_TRUE(sut.offline);
  EXPECT_EQ(sut.clock, ClockKind::media);
  EXPECT_FALSE(sut.blocks[0].live);
  EXPECT_EQ(groups_of(sut), "");
  EXPECT_EQ(wires_of(sut),
            "cam.frames -> a.in wait 2\n"
            "cam.frames -> h.value wait 2\n"
            "a.out -> h.in wait 2\n"
            "a.out -> j.a wait 5\n"
            "h.out -> j.b wait 2\n");
}

TEST(CircuitFlowTest, OfflineAFeedbackWireWaitsToo) {
  const auto sut = plan_of(
      "blocks:\n  v: {type: io.video_file}\n  pid: {type: flow.hold}\n"
      "wires: [v.frames -> pid.in, pid.out -> pid.value]\n",
      kOffline);

  EXPECT_EQ(wires_of(sut),
            "v.frames -> pid.in wait 2\n"
            "pid.out -> pid.value wait 2 feedback\n");
}

TEST(CircuitFlowTest, OfflineALatestMeetsTheFramesThatTrigger) {
  const std::string text =
      "blocks:\n  v: {type: io.video_file}\n  s: {type: vision.smooth}\n  h: {type: flow.hold}\n"
      "wires: [v.frames -> s.in, s.out -> h.value, v.frames -> h.in]\n";

  const auto sut = plan_of(text, kOffline);
  EXPECT_EQ(sut.wires[2].depth, 4U) << "one block and two frames kept back";
  for (const auto& output : sut.outputs) EXPECT_TRUE(output.tells_bound) << output.port;
  const auto online = plan_of(text);
  EXPECT_EQ(online.wires[2].depth, 2U);
  for (const auto& output : online.outputs) EXPECT_FALSE(output.tells_bound) << output.port;
}

TEST(CircuitFlowTest, OfflineAllBeforeALatestSayWhatWillNotCome) {
  const auto sut = plan_of(
      "blocks:\n  v: {type: io.video_file}\n  p: {type: flow.pass}\n  w: {type: io.video_file}\n"
      "  h: {type: flow.hold}\n  end: {type: core.null}\n"
      "wires: [v.frames -> p.in, p.out -> h.value, w.frames -> h.in, h.out -> end.in]\n",
      kOffline);

  ASSERT_EQ(sut.outputs.size(), 4U);
  for (const std::size_t before : {0, 1, 2}) EXPECT_TRUE(sut.outputs[before].tells_bound) << before;
  EXPECT_FALSE(sut.outputs[3].tells_bound);
}

TEST(CircuitFlowTest, OfflineThePolicyOfALatestIsNoLessWrong) {
  EXPECT_EQ(refusal_of("blocks:\n  v: {type: io.video_file}\n  h: {type: flow.hold}\nwires:\n"
                       "  - v.frames -> h.in\n  - {from: v.frames, to: h.value, policy: wait}\n",
                       kOffline),
            "dir/c.yaml:6:43: a wire into the Latest 'h.value' is always drop_oldest of depth 1; "
            "leave out 'policy'");
}

TEST(CircuitFlowTest, TheClockIsThatOfTheFile) {
  const std::string blocks = "blocks: {v: {type: io.video_file}}\n";
  EXPECT_EQ(plan_of(blocks).clock, ClockKind::wall);
  EXPECT_EQ(plan_of("clock: media\n" + blocks).clock, ClockKind::media);
}

}  // namespace
}  // namespace vcengine
