/// How a circuit ends: by itself, by Ctrl-C, with blocks that wait for each other; and what is
/// counted then.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <functional>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

namespace {

/// The sequence numbers in the lines of a recorder.
std::vector<std::int64_t> sequences(const std::vector<std::string>& lines) {
  std::vector<std::int64_t> result;
  for (const auto& line : lines) result.push_back(std::stoll(line));
  return result;
}

/// What each line ends with: the number.
std::vector<std::string> numbers(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (const auto& line : lines) result.push_back(line.substr(line.rfind(' ') + 1));
  return result;
}

/// A source much faster than its sink: it waits for a slot nearly always.
constexpr const char* kSlowSink =
    "blocks:\n"
    "  count: {type: core.counter}\n"
    "  sink: {type: test.recorder, params: {pause: 20ms}}\n"
    "wires: [count.number -> sink.in]\n";

}  // namespace

class EndsTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }
};

TEST_F(EndsTest, MixedPoliciesAndDepthsOnOneOutputAreCountedExactly) {
  constexpr int kFrames = 2000;
  const auto figures = figures_of(
      {circuit("blocks:\n"
               "  count: {type: core.counter, params: {count: 2000}}\n"
               "  wait_1: {type: test.recorder, params: {path: wait_1.txt}}\n"
               "  wait_8: {type: test.recorder, params: {path: wait_8.txt}}\n"
               "  drop_1: {type: test.recorder, params: {path: drop_1.txt, pause: 5ms}}\n"
               "  drop_5: {type: test.recorder, params: {path: drop_5.txt, pause: 2ms}}\n"
               "  drop_64: {type: test.recorder, params: {path: drop_64.txt}}\n"
               "wires:\n"
               "  - {from: count.number, to: wait_1.in, policy: wait, depth: 1}\n"
               "  - {from: count.number, to: wait_8.in, policy: wait, depth: 8}\n"
               "  - {from: count.number, to: drop_1.in, policy: drop_oldest, depth: 1}\n"
               "  - {from: count.number, to: drop_5.in, policy: drop_oldest, depth: 5}\n"
               "  - {from: count.number, to: drop_64.in, policy: drop_oldest, depth: 64}\n")});
  for (const auto* sink : {"wait_1", "wait_8", "drop_1", "drop_5", "drop_64"}) {
    SCOPED_TRACE(sink);
    const auto& wire = figures.wires.at(std::string(sink) + ".in");
    const auto seen = sequences(recorded(std::string(sink) + ".txt"));
    EXPECT_EQ(kFrames, wire.published);
    EXPECT_EQ(wire.published, wire.taken + wire.dropped_in_all() + wire.in_flight);
    EXPECT_EQ(0, wire.in_flight);
    // The sink's own record says the same, and in which order.
    EXPECT_EQ(wire.taken, static_cast<std::int64_t>(seen.size()));
    EXPECT_EQ(wire.taken, figures.blocks.at(sink).frames);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end(), std::less_equal<>()))
        << "out of order, or twice";
    EXPECT_EQ(kFrames, seen.back());  // the newest one is never the one that is dropped
  }
  EXPECT_EQ(0, figures.wires.at("wait_1.in").dropped_in_all());
  EXPECT_EQ(0, figures.wires.at("wait_8.in").dropped_in_all());
  EXPECT_LT(0, figures.wires.at("drop_1.in").dropped.at("superseded"));
}

TEST_F(EndsTest, AFrameSizeMayChangeInMidStreamBothWays) {
  const auto figures = figures_of({circuit(
      "blocks:\n"
      "  source: {type: test.sizes, params: {sizes: 64x48 640x480 32x24 1280x960 1x1 64x48}}\n"
      "  direct: {type: test.recorder, params: {path: direct.txt}}\n"
      "  detect: {type: vision.edge_detector}\n"
      "  edges: {type: test.recorder, params: {path: edges.txt}}\n"
      "wires:\n"
      "  - source.frames -> direct.in\n"
      "  - source.frames -> detect.image\n"
      "  - detect.edges -> edges.in\n")});
  const std::vector<std::string> expected = {" 64x48 ",    " 640x480 ", " 32x24 ",
                                             " 1280x960 ", " 1x1 ",     " 64x48 "};
  for (const auto* file : {"direct.txt", "edges.txt"}) {
    const auto lines = recorded(file);
    ASSERT_EQ(expected.size(), lines.size()) << file;
    for (std::size_t i = 0; i < lines.size(); ++i)
      EXPECT_TRUE(contains(lines[i], expected[i])) << file;
  }
  EXPECT_EQ(6, figures.wires.at("edges.in").taken);
}

TEST_F(EndsTest, AFrameLargerThanTheWireSaysTheCapacityThatItNeeds) {
  const auto result = run_host(
      {circuit("blocks:\n"
               "  pattern: {type: io.test_pattern, params: {width: 1280, height: 960, frames: 3}}\n"
               "  sink: {type: core.null}\n"
               "wires: [{from: pattern.frames, to: sink.in, capacity: 1MiB}]\n"),
       "--json"});
  EXPECT_TRUE(contains(result.errors, "a frame of 3686400 bytes does not fit output 'frames'"));
  EXPECT_TRUE(contains(result.errors, "capacity: 4"));
  EXPECT_EQ(3, parse_report(result.output).blocks.at("pattern").exceptions);
}

TEST_F(EndsTest, WithTheCapacityAskedForTheFrameFits) {
  const auto figures = figures_of(
      {circuit("blocks:\n"
               "  pattern: {type: io.test_pattern, params: {width: 1280, height: 960, frames: 3}}\n"
               "  sink: {type: core.null}\n"
               "wires: [{from: pattern.frames, to: sink.in, capacity: 4MiB}]\n")});
  EXPECT_EQ(3, figures.blocks.at("sink").frames);
}

TEST_F(EndsTest, ALatestThatIsNeverWrittenHoldsUpNobody) {
  figures_of(
      {circuit("blocks:\n"
               "  count: {type: core.counter, params: {count: 5}}\n"
               "  silent: {type: test.keep_every, params: {n: 1000}}\n"
               "  sum: {type: test.add_latest, params: {before: 100}}\n"
               "  sink: {type: test.recorder}\n"
               "wires:\n"
               "  - count.number -> silent.in\n"
               "  - count.number -> sum.in\n"
               "  - silent.out -> sum.latest\n"
               "  - sum.out -> sink.in\n")});
  EXPECT_EQ((std::vector<std::string>{"101", "102", "103", "104", "105"}),
            numbers(recorded("recorded.txt")));
}

TEST_F(EndsTest, AnUnwiredLatestIsNeverWrittenEither) {
  figures_of(
      {circuit("blocks:\n"
               "  count: {type: core.counter, params: {count: 3}}\n"
               "  sum: {type: test.add_latest, params: {before: 100}}\n"
               "  sink: {type: test.recorder}\n"
               "wires: [count.number -> sum.in, sum.out -> sink.in]\n")});
  EXPECT_EQ((std::vector<std::string>{"101", "102", "103"}), numbers(recorded("recorded.txt")));
}

TEST_F(EndsTest, ReadingAnEmptyLatestCostsTheFrameAndSaysSo) {
  const auto result = run_host({circuit("blocks:\n"
                                        "  count: {type: core.counter, params: {count: 3}}\n"
                                        "  sum: {type: test.add_latest, params: {insist: true}}\n"
                                        "  sink: {type: core.null}\n"
                                        "wires: [count.number -> sum.in, sum.out -> sink.in]\n"),
                                "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ(3, parse_report(result.output).blocks.at("sum").exceptions);
  EXPECT_TRUE(contains(result.errors, "'latest'"));
}

TEST_F(EndsTest, AConstantIntoALatestEndsWithTheOtherInput) {
  // The constant has ended long before the sum has; its value stays.
  const auto figures =
      figures_of({circuit("blocks:\n"
                          "  constant: {type: core.counter, params: {first: 40, count: 1}}\n"
                          "  count: {type: core.counter, rate: 200, params: {count: 100}}\n"
                          "  sum: {type: test.add_latest, params: {before: 1000}}\n"
                          "  sink: {type: test.recorder}\n"
                          "wires:\n"
                          "  - constant.number -> sum.latest\n"
                          "  - count.number -> sum.in\n"
                          "  - sum.out -> sink.in\n")});
  const auto sums = numbers(recorded("recorded.txt"));
  ASSERT_EQ(100U, sums.size());
  const auto first = std::ranges::find_if(sums, [](const auto& sum) { return sum.size() < 4; });
  for (auto i = first - sums.begin(); i < 100; ++i) {
    EXPECT_EQ(std::to_string(40 + i + 1), sums[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(1, figures.wires.at("sum.latest").published);
}

TEST_F(EndsTest, AnEndlessSourceIntoALatestIsStoppedWithTheCircuit) {
  const auto figures =
      figures_of({circuit("blocks:\n"
                          "  endless: {type: core.counter}\n"
                          "  count: {type: core.counter, params: {count: 100}}\n"
                          "  sum: {type: test.add_latest}\n"
                          "  sink: {type: core.null}\n"
                          "wires:\n"
                          "  - endless.number -> sum.latest\n"
                          "  - count.number -> sum.in\n"
                          "  - sum.out -> sink.in\n")});
  EXPECT_EQ(100, figures.blocks.at("sink").frames);
}

TEST_F(EndsTest, AFeedbackLoopThroughALatestEnds) {
  figures_of(
      {circuit("blocks:\n"
               "  count: {type: core.counter, params: {count: 50}}\n"
               "  sum: {type: test.add_latest}\n"
               "  back: {type: core.scale, params: {factor: 0.5}}\n"
               "  sink: {type: test.recorder}\n"
               "wires:\n"
               "  - count.number -> sum.in\n"
               "  - sum.out -> back.in\n"
               "  - back.out -> sum.latest\n"
               "  - sum.out -> sink.in\n")});
  EXPECT_EQ(50U, recorded("recorded.txt").size());
}

TEST_F(EndsTest, CtrlCWhileTheSourceWaitsForASlotIsACleanEnd) {
  Process sut(host({circuit(kSlowSink), "--json"}));
  sut.wait_until([&] { return recorded("recorded.txt").size() > 2; }, "frames");
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "interrupted, stopping"));
  const auto wire = parse_report(sut.output()).wires.at("sink.in");
  EXPECT_EQ(0, wire.in_flight);  // what was on the wire has been worked off
  EXPECT_EQ(wire.published, wire.taken);
  EXPECT_EQ(wire.taken, static_cast<std::int64_t>(recorded("recorded.txt").size()));
}

TEST_F(EndsTest, ASecondCtrlCKillsAtOnce) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter}\n"
                    "  sink: {type: test.recorder, params: {pause: 1h}}\n"
                    "wires: [count.number -> sink.in]\n")}));
  sut.wait_until([&] { return !recorded("recorded.txt").empty(); }, "a frame");
  sut.signal(SIGINT);
  sut.wait_for_errors("interrupted, stopping");
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "killed"));
}

TEST_F(EndsTest, CtrlCDuringTheSetUpIsAnEndToo) {
  for (int i = 0; i < 5; ++i) {
    Process sut(host({circuit(kSlowSink)}));
    sut.wait_until([&] { return !workers_of(sut.pid()).empty(); }, "a worker");
    sut.signal(SIGINT);
    EXPECT_EQ(130, sut.wait()) << sut.errors();
    EXPECT_FALSE(contains(sut.errors(), "died"));
  }
}

TEST_F(EndsTest, SigtermIsACleanEndWithAStatusOfItsOwn) {
  Process sut(host({circuit(kSlowSink)}));
  sut.wait_until([&] { return recorded("recorded.txt").size() > 2; }, "frames");
  sut.signal(SIGTERM);
  EXPECT_EQ(143, sut.wait()) << sut.errors();
}

TEST_F(EndsTest, ATerminalThatIsClosedIsTheSameEnd) {
  Process sut(host({circuit(kSlowSink)}));
  sut.wait_until([&] { return recorded("recorded.txt").size() > 2; }, "frames");
  sut.signal(SIGHUP);
  EXPECT_EQ(143, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "terminated, stopping"));
}

TEST_F(EndsTest, ASecondSigtermKillsAtOnce) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter}\n"
                    "  sink: {type: test.recorder, params: {pause: 1h}}\n"
                    "wires: [count.number -> sink.in]\n")}));
  sut.wait_until([&] { return !recorded("recorded.txt").empty(); }, "a frame");
  sut.signal(SIGTERM);
  sut.wait_for_errors("terminated, stopping");
  sut.signal(SIGTERM);
  EXPECT_EQ(143, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "killed"));
}

TEST_F(EndsTest, AFailureIsNotHiddenByTheCtrlCBeforeIt) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter, rate: 100}\n"
                    "  sink: {type: test.ends_badly}\n"
                    "  clock: {type: test.recorder}\n"
                    "wires: [count.number -> sink.in, count.number -> clock.in]\n")}));
  sut.wait_until([&] { return !recorded("recorded.txt").empty(); }, "a frame");
  sut.signal(SIGINT);
  EXPECT_EQ(3, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "block sink gave up: could not write the last line"));
}

}  // namespace vcengine::test
