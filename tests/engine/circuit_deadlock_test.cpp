/// Circuits that would come to a stop, or could: the check names the place and the shortest change
/// that helps; and their like that cannot.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

constexpr CheckOptions kOffline{.offline = true};

// Outputs that come late: `smooth` keeps back two frames.

std::string late_branch(const std::string& wires, const std::string& join = "flow.join",
                        const std::string& source = "io.video_file") {
  return "blocks:\n  v: {type: " + source +
         "}\n  p: {type: flow.pass}\n  s: {type: vision.smooth}\n  j: {type: " + join +
         "}\nwires:\n" + wires;
}

const std::string kDirectlyBehindTheFork =
    "  - v.frames -> s.in\n  - s.out -> p.in\n  - p.out -> j.a\n";
const std::string kBehindAnotherBlock =
    "  - v.frames -> p.in\n  - p.out -> s.in\n  - s.out -> j.a\n";

TEST(CircuitDeadlockTest, RefusesADepthBelowWhatALateBranchKeepsBack) {
  EXPECT_EQ(
      refusal_of(late_branch(kDirectlyBehindTheFork + "  - {from: v.frames, to: j.b, depth: 2}\n")),
      "dir/c.yaml:10:38: 'j' waits for 's.out', which may come up to 2 frames late, but this "
      "wire is full before: say 'depth: 5' or leave 'depth' out");
  EXPECT_EQ(
      refusal_of(late_branch(kDirectlyBehindTheFork + "  - {from: v.frames, to: j.b, depth: 3}\n")),
      "accepted");
  EXPECT_EQ(plan_of(late_branch(kDirectlyBehindTheFork + "  - v.frames -> j.b\n")).wires[3].depth,
            5U);
}

TEST(CircuitDeadlockTest, RefusesADepthThatNoWireHasRoomFor) {
  auto text = late_branch(kDirectlyBehindTheFork + "  - {from: v.frames, to: j.b, depth: 64}\n");
  text.replace(text.find("vision.smooth"), 13, "vision.archive");
  EXPECT_EQ(refusal_of(text),
            "dir/c.yaml:10:38: 'j' waits for 's.out', which may come up to 70 frames late, but "
            "this wire is full before: no wire holds as many, so take these frames from behind "
            "'s'");
}

TEST(CircuitDeadlockTest, RefusesALateBranchWhoseFramesMayBeSkippedBefore) {
  EXPECT_EQ(refusal_of(late_branch(kBehindAnotherBlock + "  - v.frames -> j.b\n")),
            "dir/c.yaml:10:5: 'j' waits for 's.out', which may come up to 2 frames late; if "
            "nothing more comes from 'p.out' meanwhile, this wire fills up and all wait for ever: "
            "let it drop instead, 'policy: drop_oldest, depth: 5'");
  EXPECT_EQ(
      refusal_of(late_branch(kBehindAnotherBlock +
                             "  - {from: v.frames, to: j.b, policy: drop_oldest, depth: 5}\n")),
      "accepted");
  EXPECT_EQ(refusal_of(late_branch(kBehindAnotherBlock + "  - p.out -> j.b\n")), "accepted")
      << "both are behind the block that may skip frames";
}

TEST(CircuitDeadlockTest, AWireThatDropsFurtherUpHoldsNobodyUpEither) {
  const std::string blocks =
      "blocks:\n  v: {type: io.video_file}\n  p: {type: flow.pass}\n  s: {type: vision.smooth}\n"
      "  q: {type: flow.pass}\n  j: {type: flow.join}\nwires:\n" +
      kBehindAnotherBlock + "  - q.out -> j.b\n";
  EXPECT_EQ(refusal_of(blocks + "  - {from: v.frames, to: q.in, policy: drop_oldest}\n"),
            "accepted");
  EXPECT_NE(refusal_of(blocks + "  - v.frames -> q.in\n"), "accepted");
}

TEST(CircuitDeadlockTest, ALateBranchThatDropsMayMissWhatItNeeds) {
  EXPECT_EQ(refusal_of(late_branch("  - {from: v.frames, to: s.in, policy: drop_oldest}\n"
                                   "  - s.out -> p.in\n  - p.out -> j.a\n  - v.frames -> j.b\n")),
            "dir/c.yaml:10:5: 'j' waits for 's.out', which may come up to 2 frames late; if "
            "nothing more comes from 'v.frames' meanwhile, this wire fills up and all wait for "
            "ever: let it drop instead, 'policy: drop_oldest, depth: 5'");
}

TEST(CircuitDeadlockTest, FramesOfAnotherOutputNeedNotComeToTheLateBranch) {
  const std::string text =
      "blocks:\n  v: {type: io.video_file}\n  f: {type: flow.split}\n  s: {type: vision.smooth}\n"
      "  j: {type: flow.join}\nwires:\n  - v.frames -> f.in\n  - f.left -> s.in\n"
      "  - s.out -> j.a\n";
  EXPECT_EQ(refusal_of(text + "  - f.right -> j.b\n"),
            "dir/c.yaml:10:5: 'j' waits for 's.out', which may come up to 2 frames late; if "
            "nothing more comes from 'f.left' meanwhile, this wire fills up and all wait for ever: "
            "let it drop instead, 'policy: drop_oldest, depth: 4'");
  EXPECT_EQ(refusal_of(text + "  - f.left -> j.b\n"), "accepted");
}

TEST(CircuitDeadlockTest, ALateBlockThatMatchesMayFindNoMoreMatches) {
  const std::string text =
      "blocks:\n  v: {type: io.video_file}\n  p: {type: flow.pass}\n  s: {type: vision.blend}\n"
      "  j: {type: flow.join}\nwires:\n  - v.frames -> p.in\n  - v.frames -> s.a\n"
      "  - p.out -> s.b\n  - s.out -> j.a\n";
  EXPECT_EQ(refusal_of(text + "  - v.frames -> j.b\n"),
            "dir/c.yaml:11:5: 'j' waits for 's.out', which may come up to 1 frame late; if no "
            "more frames match in 's' meanwhile, this wire fills up and all wait for ever: let it "
            "drop instead, 'policy: drop_oldest, depth: 4'");
}

TEST(CircuitDeadlockTest, WhatTheLateBlockItselfSendsAtOnceBringsNoMoreThanItGets) {
  const auto text = [](const std::string& wires) {
    return "blocks:\n  v: {type: io.video_file}\n  p: {type: flow.pass}\n"
           "  e: {type: vision.tracker}\n  j: {type: flow.join}\nwires:\n  - v.frames -> p.in\n"
           "  - p.out -> e.a\n  - v.frames -> e.b\n  - e.late -> j.a\n" +
           wires;
  };
  EXPECT_EQ(refusal_of(text("  - e.now -> j.b\n")), "accepted");
  EXPECT_NE(refusal_of(text("  - v.frames -> j.b\n")), "accepted");
}

TEST(CircuitDeadlockTest, AMatchBringsNoMoreThanAnyOfItsInputsUnlessItIsPartial) {
  const auto text = [](const std::string& sync) {
    return "blocks:\n  v: {type: io.video_file}\n  w: {type: io.video_file}\n"
           "  s: {type: vision.smooth}\n  m: {type: flow.merge, sync: " +
           sync +
           "}\n  j: {type: flow.join}\nwires:\n  - v.frames -> s.in\n  - v.frames -> m.images\n"
           "  - w.frames -> m.images\n  - m.result -> j.a\n  - s.out -> j.b\n";
  };
  EXPECT_EQ(refusal_of(text("{by: stamp}")), "accepted");
  EXPECT_EQ(refusal_of(text("{by: stamp, on_miss: partial}")),
            "dir/c.yaml:11:5: 'j' waits for 's.out', which may come up to 2 frames late; if "
            "nothing more comes from 'v.frames' meanwhile, this wire fills up and all wait for "
            "ever: let it drop instead, 'policy: drop_oldest, depth: 3'");
}

TEST(CircuitDeadlockTest, ALiveSourceIsHeldUpByALateBranchToo) {
  const auto live = [](const std::string& wires) {
    return late_branch(wires, "flow.join", "io.camera");
  };
  EXPECT_EQ(refusal_of(live(kBehindAnotherBlock + "  - v.frames -> j.b\n")),
            "dir/c.yaml:10:5: 'j' waits for 's.out', which may come up to 2 frames late; if "
            "nothing more comes from 'p.out' meanwhile, this wire fills up and all wait for ever: "
            "let it drop instead, 'policy: drop_oldest, depth: 5'");
  const auto advised =
      live(kBehindAnotherBlock + "  - {from: v.frames, to: j.b, policy: drop_oldest, depth: 5}\n");
  EXPECT_EQ(refusal_of(advised), "accepted");
  EXPECT_EQ(warnings_of(advised), "") << "who does as told is not warned";
  EXPECT_EQ(refusal_of(live(kDirectlyBehindTheFork + "  - v.frames -> j.b\n")), "accepted");
}

TEST(CircuitDeadlockTest, WhoWaitsOnlyAWhileWaitsNotForEver) {
  const auto text =
      late_branch(kBehindAnotherBlock + "  - v.frames -> j.b\n", "flow.join, sync: {wait: 50ms}");
  EXPECT_EQ(refusal_of(text), "accepted");
  EXPECT_NE(refusal_of("clock: media\n" + text), "accepted") << "that clock stands still too";
  EXPECT_NE(refusal_of(text, kOffline), "accepted");
}

TEST(CircuitDeadlockTest, OfflineADropIsNoWayOut) {
  const auto text = late_branch(kBehindAnotherBlock +
                                "  - {from: v.frames, to: j.b, policy: drop_oldest, depth: 5}\n");
  EXPECT_EQ(refusal_of(text), "accepted");
  EXPECT_EQ(refusal_of(text, kOffline),
            "dir/c.yaml:10:5: 'j' waits for 's.out', which may come up to 2 frames late; if "
            "nothing more comes from 'p.out' meanwhile, this wire fills up and all wait for ever: "
            "offline no wire drops, so take these frames from 'p.out' as well");
}

TEST(CircuitDeadlockTest, OfflineALatestIsWaitedForToo) {
  const auto text = late_branch(
      "  - v.frames -> p.in\n  - p.out -> s.in\n  - s.out -> j.value\n"
      "  - v.frames -> j.in\n",
      "flow.hold");
  EXPECT_EQ(refusal_of(text), "accepted");
  EXPECT_EQ(refusal_of(text, kOffline),
            "dir/c.yaml:10:5: 'j' waits for 's.out', which may come up to 2 frames late; if "
            "nothing more comes from 'p.out' meanwhile, this wire fills up and all wait for ever: "
            "offline no wire drops, so take these frames from 'p.out' as well");
}

// Matching by order.

/// Two inputs of a block `j` that matches in a way of its own.
std::string matched(const std::string& sync, const std::string& blocks, const std::string& wires) {
  return "blocks:\n  j: {type: flow.join, sync: " + sync + "}\n" + blocks + "wires:\n" + wires;
}

const std::string kTwoFiles = "  v: {type: io.video_file}\n  w: {type: io.video_file}\n";
const std::string kTwoCameras = "  v: {type: io.camera}\n  w: {type: io.camera}\n";
const std::string kDirectly = "  - v.frames -> j.a\n  - w.frames -> j.b\n";
const std::string kFork = "  - v.frames -> p.in\n  - v.frames -> j.a\n  - p.out -> j.b\n";

TEST(CircuitDeadlockTest, BranchesOfOneSourceAreNotMatchedByOrder) {
  const std::string refusal =
      "dir/c.yaml:2:35: 'j.a' and 'j.b' are fed together: one branch may skip frames, then the "
      "other waits for ever; match them by stamp (leave 'sync' out)";
  for (const std::string source : {"io.video_file", "io.camera"}) {
    const auto blocks = "  v: {type: " + source + "}\n  p: {type: flow.pass}\n";
    EXPECT_EQ(refusal_of(matched("{by: order}", blocks, kFork)), refusal) << source;
    EXPECT_EQ(refusal_of(matched("{}", blocks, kFork)), "accepted") << source;
  }
}

TEST(CircuitDeadlockTest, SourcesThatMeetElsewhereTooAreNotMatchedByOrder) {
  const auto blocks = kTwoFiles + "  k: {type: flow.join, sync: {}}\n";
  const std::string elsewhere = "  - v.frames -> k.a\n  - w.frames -> k.b\n";
  EXPECT_EQ(refusal_of(matched("{by: order}", blocks, kDirectly + elsewhere)),
            "dir/c.yaml:2:35: 'j.a' and 'j.b' are fed together: one branch may skip frames, then "
            "the other waits for ever; match the sources once, in a flow.sync by this order, and "
            "take the frames of both from there");
  EXPECT_EQ(refusal_of(matched("{by: order}", kTwoFiles, kDirectly)), "accepted");
}

TEST(CircuitDeadlockTest, TwoBranchesOfThreeInputsAreMatchedByStampFirst) {
  EXPECT_EQ(refusal_of("blocks:\n  j: {type: flow.merge, sync: {by: order}}\n" + kTwoFiles +
                       "  p: {type: flow.pass}\nwires:\n  - v.frames -> p.in\n"
                       "  - v.frames -> j.images\n  - p.out -> j.images\n"
                       "  - w.frames -> j.images\n"),
            "dir/c.yaml:2:36: 'j.images[0]' and 'j.images[1]' are fed together: one branch may "
            "skip frames, then the other waits for ever; put these two together in a block of "
            "their own first, by equal stamps");
}

TEST(CircuitDeadlockTest, OfflineALatestBehindAMatchByOrderTakesNothingOfItsSources) {
  const auto circuit = [](const std::string& value) {
    return matched("{by: order}",
                   kTwoFiles +
                       "  x: {type: io.video_file}\n  p: {type: flow.pass}\n"
                       "  q: {type: flow.pass}\n  h: {type: flow.hold}\n",
                   kDirectly + "  - j.out -> h.in\n  - w.frames -> p.in\n  - j.out -> q.in\n  - " +
                       value + " -> h.value\n");
  };
  const std::string refusal =
      "dir/c.yaml:2:35: 'j' matches by order and may be any number of frames behind what comes "
      "into the Latest 'h.value', which offline is read at that time and would have to hold them "
      "all: run it without --offline, or match by stamp";
  EXPECT_EQ(refusal_of(circuit("w.frames"), kOffline), refusal);
  EXPECT_EQ(refusal_of(circuit("p.out"), kOffline), refusal);
  EXPECT_EQ(refusal_of(circuit("w.frames")), "accepted");
  EXPECT_EQ(refusal_of(circuit("x.frames"), kOffline), "accepted");
  EXPECT_EQ(refusal_of(circuit("q.out"), kOffline), "accepted") << "that lags as much";
}

TEST(CircuitDeadlockTest, OfflineNorDoTheFramesBesideALatestThatAMatchByOrderFeeds) {
  const auto circuit = [](const std::string& in) {
    return matched("{by: order}", kTwoFiles + "  h: {type: flow.hold}\n",
                   kDirectly + "  - j.out -> h.value\n  - " + in + " -> h.in\n");
  };
  EXPECT_EQ(refusal_of(circuit("w.frames"), kOffline),
            "dir/c.yaml:10:17: 'j' matches by order and may be any number of frames behind these "
            "frames, which meet what comes from it: this wire would have to hold them all; run it "
            "without --offline, or take them from behind 'j' too");
  EXPECT_EQ(refusal_of(circuit("w.frames")), "accepted");
  EXPECT_EQ(refusal_of(circuit("j.out"), kOffline), "accepted");
}

/// `j` matches by order, `k` by equal stamps what comes from `j` and over `beside`.
std::string reunion(const std::string& beside, const std::string& blocks = kTwoFiles,
                    const std::string& sync = "{by: stamp}") {
  return matched("{by: order}",
                 blocks +
                     "  p: {type: flow.pass}\n  q: {type: flow.pass}\n"
                     "  k: {type: flow.join, sync: " +
                     sync + "}\n",
                 kDirectly + "  - w.frames -> p.in\n  - j.out -> q.in\n  - q.out -> k.a\n  - " +
                     beside + "\n");
}

TEST(CircuitDeadlockTest, WhatWasMatchedByOrderDoesNotMeetItsOwnInputAgain) {
  const auto refusal = [](const std::string& place) {
    return "dir/c.yaml:" + place +
           ": 'j' matches by order and may be any number of frames behind these frames, which meet "
           "what comes from it: this wire would have to hold them all; take them from behind 'j' "
           "too";
  };
  EXPECT_EQ(refusal_of(reunion("w.frames -> k.b")), refusal("14:17"));
  EXPECT_EQ(refusal_of(reunion("w.frames -> k.b"), kOffline), refusal("14:17"));
  EXPECT_EQ(refusal_of(reunion("p.out -> k.b")), refusal("14:14")) << "nor what was made of it";
  EXPECT_EQ(refusal_of(reunion("j.out -> k.b")), "accepted") << "both are behind the match";
  EXPECT_EQ(refusal_of(reunion("{from: w.frames, to: k.b, policy: drop_oldest}")), "accepted")
      << "holds up nobody";
}

TEST(CircuitDeadlockTest, NorThatOfALiveSource) {
  const std::string live = "  v: {type: io.video_file}\n  w: {type: io.camera}\n";
  const auto text = reunion("w.frames -> k.b", live);
  EXPECT_NE(refusal_of(text).find("take them from behind 'j' too"), std::string::npos)
      << refusal_of(text);
  EXPECT_NE(refusal_of(reunion("w.frames -> k.b", live, "{tolerance: 15ms}")), "accepted");
  EXPECT_EQ(refusal_of(reunion("w.frames -> k.b", live, "{wait: 50ms}")), "accepted");
  EXPECT_NE(refusal_of("clock: media\n" + reunion("w.frames -> k.b", live, "{wait: 50ms}")),
            "accepted");
}

TEST(CircuitDeadlockTest, WhatMeetsAgainIsToldOnce) {
  const auto text = reunion("w.frames -> k.b", kTwoFiles, "{tolerance: 15ms}");
  const auto refusal = refusal_of(text);
  EXPECT_EQ(std::ranges::count(refusal, '\n'), 0) << refusal;
}

TEST(CircuitDeadlockTest, LiveSourcesAreNotMatchedByOrder) {
  EXPECT_EQ(refusal_of(matched("{by: order}", kTwoCameras, kDirectly)),
            "dir/c.yaml:2:35: 'j' cannot match by order what comes from 'v' and 'w': both are "
            "live, and a frame that one of them drops shifts all later pairs; match them by time: "
            "'sync: {tolerance: 15ms}'");
  EXPECT_EQ(refusal_of(matched("{by: order}", kTwoCameras, kDirectly), kOffline), "accepted");
}

TEST(CircuitDeadlockTest, WhatIsMatchedByOrderMustNotDrop) {
  const std::string reason =
      ": a frame dropped here shifts all later pairs of 'j', which matches by order; leave "
      "'policy' out, so that the wire waits";
  const std::string wires =
      "  - {from: v.frames, to: p.in, policy: drop_oldest}\n  - p.out -> j.a\n"
      "  - {from: w.frames, to: j.b, policy: drop_oldest, depth: 3}\n";
  const auto text = matched("{by: order}", kTwoFiles + "  p: {type: flow.pass}\n", wires);
  EXPECT_EQ(refusal_of(text), "dir/c.yaml:7:40" + reason + "\ndir/c.yaml:9:39" + reason);
  EXPECT_EQ(refusal_of(text, kOffline), "accepted") << "there all wires wait";
}

// Matching within a tolerance.

TEST(CircuitDeadlockTest, BranchesOfOneSourceNeedNoTolerance) {
  const std::string refusal =
      "dir/c.yaml:2:42: the inputs of 'j' come from one source, so their stamps are equal: leave "
      "'tolerance' out";
  for (const std::string source : {"io.video_file", "io.camera"}) {
    const auto blocks = "  v: {type: " + source + "}\n  p: {type: flow.pass}\n";
    EXPECT_EQ(refusal_of(matched("{tolerance: 15ms}", blocks, kFork)), refusal) << source;
  }
}

TEST(CircuitDeadlockTest, ADropOnOneOfTheBranchesIsNotEnough) {
  const std::string blocks = "  v: {type: io.video_file}\n  p: {type: flow.pass}\n";
  const std::string to_p =
      "  - {from: v.frames, to: p.in, policy: drop_oldest}\n  - p.out -> j.b\n";
  EXPECT_NE(refusal_of(matched("{tolerance: 15ms}", blocks, to_p + "  - v.frames -> j.a\n")),
            "accepted")
      << "while v.frames waits for room in j.a, nothing comes over p";
  EXPECT_EQ(refusal_of(matched("{tolerance: 15ms}", blocks,
                               to_p + "  - {from: v.frames, to: j.a, policy: drop_oldest}\n")),
            "accepted");
}

TEST(CircuitDeadlockTest, TwoBranchesOfOneSourceAndAnotherSourceJoinInTwoSteps) {
  const std::string text =
      "blocks:\n  j: {type: flow.merge, sync: {tolerance: 15ms}}\n" + kTwoFiles +
      "  p: {type: flow.pass}\nwires:\n  - v.frames -> p.in\n  - v.frames -> j.images\n"
      "  - p.out -> j.images\n  - w.frames -> j.images\n";
  EXPECT_EQ(refusal_of(text),
            "dir/c.yaml:2:43: 'j.images[0]' and 'j.images[1]' come from one source: if one of them "
            "skips frames, the other may wait for ever within a tolerance; put these two together "
            "in a block of their own first, by equal stamps");
}

TEST(CircuitDeadlockTest, SourcesThatMeetElsewhereTooAreMatchedOnce) {
  const auto blocks = kTwoFiles + "  k: {type: flow.join}\n";
  const std::string elsewhere = "  - j.out -> k.a\n  - v.frames -> k.b\n";
  const auto text = matched("{tolerance: 15ms}", blocks, kDirectly + elsewhere);
  EXPECT_EQ(refusal_of(text), "accepted") << "w is connected only through j";

  const auto both = matched("{tolerance: 15ms}", kTwoFiles + "  k: {type: flow.join, sync: {}}\n",
                            kDirectly + "  - v.frames -> k.a\n  - w.frames -> k.b\n");
  const std::string refusal =
      "dir/c.yaml:2:42: 'j.a' and 'j.b' are fed together: while 'j' waits for one of them, the "
      "other may fill up and hold up both; match the sources once, in a flow.sync by this "
      "tolerance, and take the frames of both from there";
  EXPECT_EQ(refusal_of(both), refusal + "; or let the wires into 'j' drop: 'policy: drop_oldest'");
  EXPECT_EQ(refusal_of(both, kOffline), refusal);
  EXPECT_EQ(refusal_of("clock: media\n" + both).substr(0, 10), "dir/c.yaml");
}

TEST(CircuitDeadlockTest, WiresThatDropHoldUpNoSource) {
  EXPECT_EQ(
      refusal_of(matched("{tolerance: 15ms}", kTwoFiles + "  k: {type: flow.join, sync: {}}\n",
                         "  - {from: v.frames, to: j.a, policy: drop_oldest}\n"
                         "  - {from: w.frames, to: j.b, policy: drop_oldest}\n"
                         "  - v.frames -> k.a\n  - w.frames -> k.b\n")),
      "accepted");
}

TEST(CircuitDeadlockTest, ATimeToWaitEndsWhatATolerancesDoesNot) {
  const auto text =
      matched("{tolerance: 15ms, wait: 50ms}", kTwoFiles + "  k: {type: flow.join, sync: {}}\n",
              kDirectly + "  - v.frames -> k.a\n  - w.frames -> k.b\n");
  EXPECT_EQ(refusal_of(text), "accepted");
  EXPECT_NE(refusal_of("clock: media\n" + text), "accepted");
  EXPECT_NE(refusal_of(text, kOffline), "accepted");
}

TEST(CircuitDeadlockTest, CamerasWaitForNobodyAndMayMeetTwice) {
  EXPECT_EQ(refusal_of(matched("{tolerance: 15ms}",
                               kTwoCameras + "  k: {type: flow.join, sync: {tolerance: 15ms}}\n",
                               kDirectly + "  - v.frames -> k.a\n  - j.out -> k.b\n")),
            "accepted");
}

TEST(CircuitDeadlockTest, OfflineALatestConnectsToo) {
  const auto text = matched("{tolerance: 15ms}", kTwoFiles + "  h: {type: flow.hold}\n",
                            kDirectly + "  - v.frames -> h.in\n  - w.frames -> h.value\n");
  EXPECT_EQ(refusal_of(text), "accepted");
  EXPECT_NE(refusal_of(text, kOffline), "accepted");
}

TEST(CircuitDeadlockTest, ADefaultThatStallsIsRefusedWhereItStands) {
  const auto text = "defaults: {sync: {tolerance: 15ms}}\nblocks:\n  j: {type: flow.join}\n" +
                    kTwoFiles + "  k: {type: flow.join, sync: {}}\nwires:\n" + kDirectly +
                    "  - v.frames -> k.a\n  - w.frames -> k.b\n";
  EXPECT_EQ(refusal_of(text).substr(0, 28), "dir/c.yaml:1:30: 'j.a' and '");
}

// Loops, offline.

TEST(CircuitDeadlockTest, OfflineALateFrameInALoopWaitsForItself) {
  const std::string text =
      "blocks:\n  v: {type: io.video_file}\n  h: {type: flow.hold}\n  s: {type: vision.smooth}\n"
      "wires:\n  - v.frames -> h.in\n  - h.out -> s.in\n  - s.out -> h.value\n";
  EXPECT_EQ(refusal_of(text), "accepted");
  EXPECT_EQ(refusal_of(text, kOffline),
            "dir/c.yaml:8:5: 's.out' may come up to 2 frames late: offline the Latest 'h.value' "
            "waits for all that comes before, round the loop, and so for itself; run it without "
            "--offline, or take it out of the loop");
}

TEST(CircuitDeadlockTest, OfflineALoopMatchesByEqualStamps) {
  const auto text = [](const std::string& sync) {
    return "blocks:\n  v: {type: io.video_file}\n  w: {type: io.video_file}\n"
           "  h: {type: flow.hold}\n  j: {type: flow.join, sync: " +
           sync +
           "}\nwires:\n  - v.frames -> h.in\n  - h.out -> j.a\n  - w.frames -> j.b\n"
           "  - j.out -> h.value\n";
  };
  const std::string reason =
      "'j' does not match by equal stamps: offline the Latest 'h.value' waits for all that comes "
      "before, round the loop, and so for itself; run it without --offline, or match by equal "
      "stamps";
  EXPECT_EQ(refusal_of(text("{tolerance: 1ms}")), "accepted");
  EXPECT_EQ(refusal_of(text("{}"), kOffline), "accepted");
  EXPECT_EQ(refusal_of(text("{tolerance: 1ms}"), kOffline), "dir/c.yaml:5:42: " + reason);
  EXPECT_EQ(refusal_of(text("{by: order}"), kOffline), "dir/c.yaml:5:35: " + reason);
}

TEST(CircuitDeadlockTest, ReportsAllThatWouldStopAtOnce) {
  const auto text = refusal_of(
      "blocks:\n  v: {type: io.video_file}\n  p: {type: flow.pass}\n  s: {type: vision.smooth}\n"
      "  j: {type: flow.join}\n  k: {type: flow.join, sync: {by: order}}\nwires:\n" +
      kBehindAnotherBlock + "  - v.frames -> j.b\n  - v.frames -> k.a\n  - p.out -> k.b\n");
  EXPECT_NE(text.find("dir/c.yaml:6:35: 'k.a' and 'k.b'"), std::string::npos) << text;
  EXPECT_NE(text.find("dir/c.yaml:11:5: 'j' waits for 's.out'"), std::string::npos) << text;
}

}  // namespace
}  // namespace vcengine
