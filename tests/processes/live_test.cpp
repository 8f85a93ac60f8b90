/// Live sources whose branches meet again: all that goes in is joined, all that does not is
/// counted.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <sstream>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class LiveTest : public HostTest {
 protected:
  /// camera -> a -> join.left, camera -> b -> join.right, join -> sink; b is the slower one.
  std::string two_branches(const std::string& camera = "rate: 500, count: 200") const {
    return circuit(
        "blocks:\n"
        "  camera: {type: test.beat, params: {" +
        camera +
        "}}\n"
        "  a: {type: test.work, params: {time: 3ms}}\n"
        "  b: {type: test.work, params: {time: 7ms}}\n"
        "  join: {type: test.add}\n"
        "  sink: {type: test.recorder}\n"
        "wires:\n"
        "  - camera.beat -> a.in\n"
        "  - camera.beat -> b.in\n"
        "  - a.out -> join.left\n"
        "  - b.out -> join.right\n"
        "  - join.sum -> sink.in\n");
  }

  struct Joined {
    std::int64_t stamp = 0;  ///< ns
    double value = 0;
  };
  std::vector<Joined> joined(const std::string& file = "recorded.txt") const {
    std::vector<Joined> found;
    for (const auto& line : recorded(file)) {
      std::istringstream words(line);
      std::string sequence, type;
      Joined one;
      words >> sequence >> one.stamp >> type >> one.value;
      found.push_back(one);
    }
    return found;
  }

  void expect_all_meet(const Report& figures) const {
    const auto& camera = figures.blocks.at("camera");
    const auto in = figures.wires.at("a.in").published;
    EXPECT_EQ(camera.frames, in + camera.busy) << "let in, or busy";
    EXPECT_GT(camera.busy, 0) << "it makes more than can be worked on";
    for (const auto& [name, wire] : figures.wires) {
      EXPECT_EQ(wire.published, in) << name;
      EXPECT_EQ(wire.taken, in) << name;
      EXPECT_TRUE(wire.dropped.empty()) << name;
    }
    const auto all = joined();
    EXPECT_EQ(static_cast<std::int64_t>(all.size()), in);
    for (const auto& one : all) {
      EXPECT_DOUBLE_EQ(one.value, 2 * static_cast<double>(one.stamp) * 500e-9) << one.stamp;
    }
  }
};

TEST_F(LiveTest, WhatGoesInIsJoinedAndWhatDoesNotIsBusy) {
  const auto figures = figures_of({two_branches()});
  expect_all_meet(figures);
  EXPECT_EQ(joined().back().value, 2 * 199) << "the last frame is let in before the end";
}

TEST_F(LiveTest, TheSameWithoutFutexWaitv) {
  auto command = host({two_branches(), "--json", "-q"});
  command.environment["VCENGINE_NO_FUTEX_WAITV"] = "1";
  const auto result = run(command);
  ASSERT_EQ(result.status, 0) << result.errors;
  expect_all_meet(parse_report(result.output));
}

TEST_F(LiveTest, AJoinInsideABranchAndThreeBranches) {
  const auto figures =
      figures_of({circuit("blocks:\n"
                          "  camera: {type: test.beat, params: {rate: 500, count: 150}}\n"
                          "  a: {type: test.work, params: {time: 2ms}}\n"
                          "  b: {type: test.work, params: {time: 5ms}}\n"
                          "  c: {type: test.work, params: {time: 6ms}}\n"
                          "  inner: {type: test.add}\n"
                          "  join: {type: test.add}\n"
                          "  sink: {type: test.recorder}\n"
                          "wires:\n"
                          "  - camera.beat -> a.in\n"
                          "  - camera.beat -> inner.right\n"
                          "  - camera.beat -> c.in\n"
                          "  - a.out -> inner.left\n"
                          "  - inner.sum -> b.in\n"
                          "  - b.out -> join.left\n"
                          "  - c.out -> join.right\n"
                          "  - join.sum -> sink.in\n")});
  const auto in = figures.wires.at("a.in").published;
  for (const auto& [name, wire] : figures.wires) {
    EXPECT_EQ(wire.taken, in) << name;
    EXPECT_TRUE(wire.dropped.empty()) << name;
  }
  const auto all = joined();
  EXPECT_EQ(static_cast<std::int64_t>(all.size()), in);
  for (const auto& one : all) {
    EXPECT_DOUBLE_EQ(one.value, 3 * static_cast<double>(one.stamp) * 500e-9) << one.stamp;
  }
}

/// The gate of one branch closes and opens as frames come through the other one.
TEST_F(LiveTest, AClosedGateStallsNothingAndFramesFlowAgainWhenItOpens) {
  Process sut(host({circuit("blocks:\n"
                            "  camera: {type: test.beat, params: {rate: 500}}\n"
                            "  gate: {type: flow.gate}\n"
                            "  b: {type: test.work, params: {time: 3ms}}\n"
                            "  toggle: {type: test.toggle, params: {n: 20}}\n"
                            "  join: {type: test.add}\n"
                            "  sink: {type: test.recorder}\n"
                            "wires:\n"
                            "  - camera.beat -> gate.in\n"
                            "  - camera.beat -> b.in\n"
                            "  - b.out -> toggle.in\n"
                            "  - toggle.out -> gate.open\n"
                            "  - gate.out -> join.left\n"
                            "  - b.out -> join.right\n"
                            "  - join.sum -> sink.in\n"),
                    "--json", "-q"}));
  // More than the first open time lets through: the gate was closed and has opened again.
  sut.wait_until([&] { return recorded("recorded.txt").size() > 50; }, "frames after the gate");
  sut.signal(SIGINT);
  EXPECT_EQ(sut.wait(), 130) << sut.errors();
  const auto figures = parse_report(sut.output());
  const auto& left = figures.wires.at("join.left");
  const auto& right = figures.wires.at("join.right");
  EXPECT_TRUE(left.dropped.empty());
  EXPECT_EQ(right.published, right.taken + right.dropped.at("unmatched"));
  EXPECT_GT(right.dropped.at("unmatched"), 10) << "the other branch went on";
}

TEST_F(LiveTest, TwoLiveSourcesMeetWithinTheTolerance) {
  const auto figures =
      figures_of({circuit("blocks:\n"
                          "  left: {type: test.beat, params: {rate: 100, count: 60}}\n"
                          "  right: {type: test.beat, params: {rate: 100, count: 60, phase: 3ms}}\n"
                          "  join: {type: test.add, sync: {tolerance: 4ms}}\n"
                          "  sink: {type: test.recorder}\n"
                          "wires:\n"
                          "  - left.beat -> join.left\n"
                          "  - right.beat -> join.right\n"
                          "  - join.sum -> sink.in\n")});
  const auto all = joined();
  EXPECT_EQ(figures.wires.at("join.left").published + figures.blocks.at("left").busy, 60);
  for (const auto& one : all) {
    EXPECT_DOUBLE_EQ(one.value, 2 * static_cast<double>(one.stamp) * 100e-9) << one.stamp;
  }
  EXPECT_GT(all.size(), 0U);
}

TEST_F(LiveTest, AnInterruptEndsALiveCircuitWhoseSourceIsBusy) {
  Process sut(host({two_branches("rate: 500"), "--json", "-q"}));
  sut.wait_until([&] { return recorded("recorded.txt").size() > 5; }, "frames");
  sut.signal(SIGINT);
  EXPECT_EQ(sut.wait(), 130) << sut.errors();
  const auto figures = parse_report(sut.output());
  const auto& camera = figures.blocks.at("camera");
  EXPECT_EQ(camera.frames, figures.wires.at("a.in").published + camera.busy);
}

}  // namespace vcengine::test
