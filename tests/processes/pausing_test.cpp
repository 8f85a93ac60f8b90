/// A circuit that is made to stand still, goes on frame by frame, and flows again.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

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

/// Works on a frame for as long as there is a file "shut".
constexpr const char* kLatch =
    "circuit: latched\n"
    "defaults: {backoff: {first: 1ms, limit: 1ms}}\n"
    "blocks:\n"
    "  count: {type: core.counter, rate: 200}\n"
    "  latch: {type: test.latch}\n"
    "  sink: {type: core.null}\n"
    "wires: [count.number -> latch.in, latch.out -> sink.in]\n";

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
  void let_time_pass(Clock::duration time) const {
    const auto from = Clock::now();
    EXPECT_TRUE(eventually([&] { return Clock::now() - from > time; }));
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

TEST_F(PausingTest, APauseIsAnsweredWhenTheBlockStandsAndNotBefore) {
  Process sut(host({circuit(kLatch)}));
  wait_until_running();
  shut();
  wait_until_latched();
  RawClient client(folder());
  EXPECT_TRUE(client.line());
  client.send("{\"id\":1,\"op\":\"pause\"}\n{\"id\":2,\"op\":\"status\"}\n");
  EXPECT_TRUE(contains(client.line().value_or(""), "{\"id\":2,\"ok\":true"));
  EXPECT_FALSE(client.heard_something());
  open();
  EXPECT_TRUE(contains(client.line().value_or(""), "{\"id\":1,\"ok\":true"));
  const auto paused_at = all_frames();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(paused_at, all_frames());
}

TEST_F(PausingTest, WhoSaysNoMoreStillGetsItsAnswer) {
  Process sut(host({circuit(kLatch)}));
  wait_until_running();
  shut();
  wait_until_latched();
  RawClient client(folder());
  EXPECT_TRUE(client.line());
  client.send("{\"id\":1,\"op\":\"pause\"}\n{\"id\":2,\"op\":\"status\"}\n");
  client.say_no_more();
  EXPECT_TRUE(contains(client.line().value_or(""), "{\"id\":2,\"ok\":true"));
  open();
  EXPECT_TRUE(contains(client.line().value_or(""), "{\"id\":1,\"ok\":true"));
}

// Answers that come all at once, to requests with ids that are long.
TEST_F(PausingTest, WhoReadsNoAnswersIsDisconnectedWhenTooManyWaitForIt) {
  constexpr int kRequests = 40;
  const auto request = "{\"id\":\"" + std::string(60000, 'x') + "\",\"op\":\"pause\"}\n";
  Process sut(host({circuit(kLatch)}));
  wait_until_running();
  shut();
  wait_until_latched();
  RawClient deaf(folder());
  for (int i = 0; i < kRequests; ++i) EXPECT_TRUE(deaf.send(request));
  open();
  expect_done({"pause"});
  EXPECT_TRUE(deaf.line()) << "the greeting";
  int answers = 0;
  while (answers < kRequests && deaf.line()) ++answers;
  EXPECT_GT(kRequests, answers);
}

TEST_F(PausingTest, ABlockThatDoesNotComeToRestIsNamedAndPausesWhenItCan) {
  Process sut(host({circuit(kLatch)}));
  wait_until_running();
  shut();
  wait_until_latched();
  expect_refused({"pause"}, "latch has been in process() for 5 s and pauses when that ends");
  expect_refused({"step"}, "latch has been in process() for 5 s and is done when that ends");
  const auto before = frames("latch");
  open();
  EXPECT_TRUE(eventually([&] { return frames("latch") == before + 2; }));  // that one, and its step
  expect_done({"pause"});  // the others may have had a step left
  const auto paused_at = all_frames();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(paused_at, all_frames());
}

TEST_F(PausingTest, AStepThroughFullWiresIsAtMostOneFrameThroughEachBlock) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter}\n"
                    "  scale: {type: core.scale}\n"
                    "  slow: {type: test.work, params: {time: 2ms}}\n"
                    "  sink: {type: core.null}\n"
                    "wires: [count.number -> scale.in, scale.out -> slow.in, "
                    "slow.out -> sink.in]\n")}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 5; }));
  expect_done({"pause"});
  std::size_t worked = 0;
  for (int i = 0; i < 10; ++i) {
    auto expected = figures_now().blocks;
    const auto answer = client_of(folder()).ask({{"op", "step"}});
    const auto& stepped = array_of(answer, "stepped");
    // Who was in the middle of a frame has finished that, and those before it may have no room.
    EXPECT_GE(stepped.size(), 2U) << to_text(answer);
    for (const auto& name : stepped) ++expected.at(std::string(name.as_string())).frames;
    for (const auto& [name, block] : figures_now().blocks) {
      EXPECT_EQ(expected.at(name).frames, block.frames) << name << " in " << to_text(answer);
    }
    worked = stepped.size();
  }
  EXPECT_EQ(4U, worked) << "in the end each has its place between two frames";
}

TEST_F(PausingTest, ABlockThatIsPausedInTheMiddleOfAFrameTakesSettingsAfterIt) {
  Process sut(host({circuit(kSlowSink)}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 3; }));
  expect_done({"pause", "sink"});
  // It stands in its pause of 5 ms or between two frames; its source fills the wire meanwhile.
  EXPECT_TRUE(eventually([&] {
    const auto wire = figures_now().wires.at("sink.in");
    return wire.published - wire.taken >= 2;
  }));
  expect_done({"pause"});
  expect_refused({"set", "count.step=5"},
                 "count stands still in the middle of a frame and takes the setting when it has "
                 "gone on with that");
  EXPECT_EQ("1", value_of("count.step"));
  expect_done({"resume"});
  EXPECT_TRUE(eventually([&] { return value_of("count.step") == "5"; }));
}

TEST_F(PausingTest, AStepOfABlockWaitsForAFrameIfOneMayCome) {
  Process sut(host({circuit(kLatch)}));
  wait_until_running();
  shut();
  wait_until_latched();
  expect_done({"pause", "sink"});
  const auto before = frames("sink");
  RawClient client(folder());
  EXPECT_TRUE(client.line());
  client.send("{\"id\":1,\"op\":\"step\"}\n{\"id\":2,\"op\":\"status\"}\n");
  EXPECT_TRUE(contains(client.line().value_or(""), "{\"id\":2,\"ok\":true"));
  EXPECT_EQ(before, frames("sink"));
  open();
  EXPECT_TRUE(contains(client.line().value_or(""), "\"stepped\":[\"sink\"]"));
  EXPECT_EQ(before + 1, frames("sink"));
}

TEST_F(PausingTest, AnotherPauseTakesBackAStepThatFoundNoFrame) {
  Process sut(host({circuit(kLatch)}));
  wait_until_running();
  shut();
  wait_until_latched();
  expect_done({"pause", "sink"});
  const auto before = frames("sink");
  EXPECT_TRUE(contains(tool({"step", "sink"}).output, "still wait for one, or for room: sink"));
  expect_done({"pause", "sink"});
  open();
  EXPECT_TRUE(eventually([&] {
    const auto wire = figures_now().wires.at("sink.in");
    return wire.published - wire.taken >= 2;
  }));
  EXPECT_EQ(before, frames("sink"));
}

TEST_F(PausingTest, ASuccessorOfAPausedBlockStandsStillAndHasTheSettingsOfNow) {
  Process sut(
      host({circuit("defaults: {backoff: {first: 1ms, limit: 1ms}}\n"
                    "blocks:\n"
                    "  count: {type: core.counter, rate: 200}\n"
                    "  band: {type: test.band, params: {low: 10, high: 30}}\n"
                    "  sink: {type: test.recorder}\n"
                    "wires: [count.number -> band.in, band.out -> sink.in]\n")}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 3; }));
  expect_done({"pause", "count"});
  EXPECT_TRUE(eventually([&] { return frames("sink") == frames("count"); }));
  expect_done({"pause"});
  expect_done({"set", "band.high=70"});
  const auto paused_at = frames("band");
  const auto victim = await_worker(sut, "band");
  ::kill(victim, SIGKILL);
  EXPECT_TRUE(eventually([&] {
    const auto successor = worker(sut, "band");
    return successor != 0 && successor != victim;
  }));
  // An order is refused until it runs; one that is taken proves that it does.
  EXPECT_TRUE(eventually([&] { return tool({"set", "band.low=1"}).status == 0; }));
  const auto recorded_before = recorded("recorded.txt").size();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(paused_at, frames("band"));
  expect_done({"step"});
  EXPECT_EQ(paused_at + 1, frames("band"));
  const auto lines = recorded("recorded.txt");
  ASSERT_EQ(recorded_before + 1, lines.size());
  EXPECT_EQ("69", lines.back().substr(lines.back().rfind(' ') + 1));
  expect_done({"resume"});
  EXPECT_TRUE(eventually([&] { return frames("sink") > paused_at + 10; }));
}

TEST_F(PausingTest, ASuccessorOfAPausedBlockTakesNothingOfWhatWaitsForIt) {
  Process sut(
      host({circuit("defaults: {backoff: {first: 1ms, limit: 1ms}}\n" + std::string(kSlowSink))}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 3; }));
  for (int i = 0; i < 4; ++i) {
    expect_done({"pause", "sink"});
    EXPECT_TRUE(eventually([&] {
      const auto wire = figures_now().wires.at("sink.in");
      return wire.published - wire.taken >= 2;
    }));
    const auto paused_at = frames("sink");
    const auto lines = recorded("recorded.txt").size();
    const auto victim = await_worker(sut, "sink");
    ::kill(victim, SIGKILL);
    EXPECT_TRUE(eventually([&] {
      const auto successor = worker(sut, "sink");
      return successor != 0 && successor != victim;
    }));
    EXPECT_TRUE(eventually([&] {
      const auto set = tool({"set", "sink.pause=5ms"});
      return set.status == 0 || set.errors.find("in the middle of a frame") != std::string::npos;
    }));
    EXPECT_EQ(paused_at, frames("sink"));
    EXPECT_EQ(lines, recorded("recorded.txt").size());
    expect_done({"resume", "sink"});
    EXPECT_TRUE(eventually([&] { return frames("sink") > paused_at + 3; }));
  }
}

TEST_F(PausingTest, WhoStandsStillDoesNotHang) {
  Process sut(host({circuit("defaults: {timeout: 2s}\n" + std::string(kSlowSink))}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 3; }));
  expect_done({"pause"});
  let_time_pass(std::chrono::seconds(3));
  expect_done({"resume"});
  const auto from = frames("sink");
  EXPECT_TRUE(eventually([&] { return frames("sink") > from + 3; }));
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_FALSE(contains(sut.errors(), "hangs"));
  EXPECT_FALSE(contains(sut.errors(), "blocks waited for each other"));
}

TEST_F(PausingTest, WhoStandsStillDoesNotStallItsWire) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter}\n"
                    "  sink: {type: test.recorder, params: {pause: 5ms}}\n"
                    "wires: [{from: count.number, to: sink.in, "
                    "stall: {after: 2s, then: kill_reader}}]\n")}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") > 3; }));
  expect_done({"pause", "sink"});
  let_time_pass(std::chrono::seconds(3));
  expect_done({"resume"});
  const auto from = frames("sink");
  EXPECT_TRUE(eventually([&] { return frames("sink") > from + 3; }));
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_FALSE(contains(sut.errors(), "has taken nothing"));
}

TEST_F(PausingTest, APausedCircuitIsStoppedAsAnyOther) {
  for (const bool by_signal : {false, true}) {
    Process sut(host({circuit(kSlowSink), "--json"}));
    wait_until_running();
    expect_done({"pause", "sink"});
    EXPECT_TRUE(eventually([&] {
      const auto wire = figures_now().wires.at("sink.in");
      return wire.published - wire.taken >= 2;
    }));
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
  let_time_pass(kPaused);
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
  const auto started = Clock::now();
  Process sut(host({circuit(kChain), "--for", "3s"}));
  wait_until_running();
  expect_done({"pause"});
  let_time_pass(kTime);
  EXPECT_TRUE(contains(tool({"ps"}).output, "  paused  "));
  expect_done({"resume"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_LE(2 * kTime, Clock::now() - started);
}

TEST_F(PausingTest, APacedSourceDoesNotCatchUpOnItsPause) {
  constexpr auto kPaused = std::chrono::seconds(1);
  const auto started = Clock::now();
  Process sut(host({circuit("blocks:\n"
                            "  source: {type: io.test_pattern, params: {frames: 26, rate: 25}}\n"
                            "  sink: {type: core.null}\n"
                            "wires: [source.frames -> sink.in]\n"),
                    "--paced"}));
  wait_until_running();
  expect_done({"pause"});
  let_time_pass(kPaused);
  expect_done({"resume"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_LE(std::chrono::seconds(1) + kPaused, Clock::now() - started);
}

}  // namespace vcengine::test
