/// A circuit that is made to stand still, goes on frame by frame, and flows again.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "tests/processes/support/controlled_circuit.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kChain =
    "circuit: chain\n"
    "blocks:\n"
    "  count: {type: core.counter, rate: 200}\n"
    "  scale: {type: core.scale}\n"
    "  sink: {type: core.null}\n"
    "wires: [count.number -> scale.in, scale.out -> sink.in]\n";

/// The source waits for room nearly always.
constexpr const char* kSlowSink =
    "blocks:\n"
    "  count: {type: core.counter}\n"
    "  sink: {type: test.recorder, params: {pause: 5ms}}\n"
    "wires: [count.number -> sink.in]\n";

using Clock = std::chrono::steady_clock;

}  // namespace

class PausingTest : public ControlledTest {
 protected:
  using Frames = std::vector<std::int64_t>;
  Frames all_frames() const {
    Frames frames;
    for (const auto& [name, block] : figures_now().blocks) frames.push_back(block.frames);
    return frames;
  }
  static Frames each_one_more(Frames frames) {
    for (auto& count : frames) ++count;
    return frames;
  }
};

TEST_F(PausingTest, APausedCircuitMakesNoFrameUntilItIsResumed) {
  Process sut(host({circuit(kChain)}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 0; }));
  expect_done({"pause"});
  const auto paused_at = all_frames();
  EXPECT_TRUE(contains(tool({"ps"}).output, "  chain  paused  "));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(paused_at, all_frames());
  expect_done({"resume"});
  EXPECT_TRUE(eventually([&] { return frames("sink") > paused_at.back() + 10; }));
  EXPECT_TRUE(contains(tool({"ps"}).output, "  chain  running  "));
}

TEST_F(PausingTest, AStepIsOneFrameThroughEachBlock) {
  Process sut(host({circuit(kChain)}));
  wait_until_running();
  expect_done({"pause"});
  for (int i = 0; i < 5; ++i) {
    const auto before = all_frames();
    const auto step = tool({"step"});
    EXPECT_EQ(0, step.status) << step.errors;
    EXPECT_TRUE(contains(step.output, "worked on a frame: "));
    EXPECT_EQ(each_one_more(before), all_frames());
  }
}

TEST_F(PausingTest, AStepOfOneBlockMovesNoOther) {
  Process sut(host({circuit(kChain)}));
  wait_until_running();
  expect_done({"pause"});
  const auto before = figures_now().blocks;
  expect_done({"step", "count"});
  const auto after = figures_now().blocks;
  EXPECT_EQ(before.at("count").frames + 1, after.at("count").frames);
  EXPECT_EQ(before.at("scale").frames, after.at("scale").frames);
  EXPECT_EQ(before.at("sink").frames, after.at("sink").frames);
}

TEST_F(PausingTest, AStepOfABlockWithoutAFrameSaysThatItWaits) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter, params: {count: 0}, rate: 0.001}\n"
                    "  sink: {type: core.null}\n"
                    "wires: [count.number -> sink.in]\n")}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") == 1; }));
  expect_done({"pause"});
  EXPECT_TRUE(contains(tool({"step", "sink"}).output, "still wait for one, or for room: sink"));
  EXPECT_TRUE(contains(tool({"step"}).output, "worked on a frame: "));
  EXPECT_EQ(2, frames("count"));
  EXPECT_EQ(2, frames("sink"));
}

TEST_F(PausingTest, WhatIsNotPausedIsNotStepped) {
  Process sut(host({circuit(kChain)}));
  wait_until_running();
  expect_refused({"step"}, "the circuit is not paused; pause it first");
  expect_done({"pause", "sink"});
  expect_refused({"step", "count"}, "block count is not paused; pause it first");
}

TEST_F(PausingTest, ASourceThatWaitsForRoomHoldsUpNoPause) {
  Process sut(host({circuit(kSlowSink)}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 3; }));
  expect_done({"pause"});
  const auto paused_at = frames("sink");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(paused_at, frames("sink"));
  expect_done({"step"});
  EXPECT_EQ(paused_at + 1, frames("sink"));
  expect_done({"resume"});
  EXPECT_TRUE(eventually([&] { return frames("sink") > paused_at + 3; }));
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

TEST_F(PausingTest, APausedCircuitIsStoppedAsAnyOther) {
  for (const bool by_signal : {false, true}) {
    Process sut(host({circuit(kChain), "--json"}));
    wait_until_running();
    expect_done({"pause"});
    if (by_signal) sut.signal(SIGINT);
    if (!by_signal) expect_done({"stop"});
    EXPECT_EQ(by_signal ? 130 : 0, sut.wait()) << sut.errors();
    for (const auto& [name, wire] : parse_report(sut.output()).wires) {
      EXPECT_EQ(0, wire.in_flight) << name << " was not drained";
    }
  }
}

TEST_F(PausingTest, TheClockOfTheCircuitStandsStillMeanwhile) {
  constexpr auto kPaused = std::chrono::seconds(1);
  const auto started = Clock::now();
  Process sut(host({circuit(kSlowSink)}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 3; }));
  expect_done({"pause"});
  const auto paused = Clock::now();
  EXPECT_TRUE(eventually([&] { return Clock::now() - paused > kPaused; }));
  expect_done({"resume"});
  const auto resumed_at = frames("sink");
  EXPECT_TRUE(eventually([&] { return frames("sink") > resumed_at + 5; }));
  const auto last = recorded("recorded.txt").back();
  const auto ran_for = Clock::now() - started - kPaused;

  const auto stamp = std::chrono::nanoseconds(std::stoll(last.substr(last.find(' '))));
  EXPECT_LE(stamp, ran_for);
}

TEST_F(PausingTest, TheTimeOfARunDoesNotPassMeanwhile) {
  constexpr auto kTime = std::chrono::seconds(3);
  Process sut(host({circuit(kChain), "--for", "3s"}));
  wait_until_running();
  expect_done({"pause"});
  const auto paused = Clock::now();
  EXPECT_TRUE(eventually([&] { return Clock::now() - paused > kTime; }));
  EXPECT_TRUE(contains(tool({"ps"}).output, "  paused  "));
  expect_done({"resume"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

}  // namespace vcengine::test
