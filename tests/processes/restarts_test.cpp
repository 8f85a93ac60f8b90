/// Blocks that die while the circuit runs: they are started again, and what is lost is counted.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kAtOnce =
    "defaults: {backoff: {first: 1ms, limit: 1ms}, intensity: {deaths: 1000, within: 1s}}\n";

class RestartsTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  std::vector<std::int64_t> recorded_numbers(const std::string& file) const {
    std::vector<std::int64_t> numbers;
    for (const auto& line : recorded(file)) {
      numbers.push_back(std::stoll(line.substr(line.rfind(' ') + 1)));
    }
    return numbers;
  }

  /// Kills the worker of a block each time the sink's file has grown, so often; gives the report.
  Report run_and_kill(const std::string& circuit, const std::string& block, const std::string& sink,
                      int kills) {
    Process host_process(host({circuit, "--json"}));
    std::size_t seen = 0;
    for (int kill = 0; kill < kills; ++kill) {
      pid_t victim = 0;
      host_process.wait_until(
          [&] {
            victim = worker(host_process, block);
            return victim != 0 && recorded(sink).size() > seen + 3;
          },
          "frames after a kill");
      seen = recorded(sink).size();
      ::kill(victim, SIGKILL);
    }
    EXPECT_EQ(0, host_process.wait()) << host_process.errors();
    errors_ = host_process.errors();
    return parse_report(host_process.output());
  }

  static void expect_exact(const Report& report) {
    for (const auto& [name, wire] : report.wires) {
      EXPECT_EQ(wire.published, wire.taken + wire.dropped_in_all() + wire.in_flight) << name;
    }
  }

  static std::int64_t lost(const Report& report, const std::string& wire) {
    const auto& dropped = report.wires.at(wire).dropped;
    const auto found = dropped.find("lost_in_crash");
    return found == dropped.end() ? 0 : found->second;
  }

  std::string errors_;
};

}  // namespace

TEST_F(RestartsTest, ABlockInTheMiddleLosesTheFrameItWorkedOnAndNothingElse) {
  const auto report = run_and_kill(
      circuit(std::string(kAtOnce) + "blocks:\n"
                                     "  count: {type: core.counter, params: {count: 2000}}\n"
                                     "  times: {type: core.scale, params: {factor: 1}}\n"
                                     "  sink: {type: test.recorder, params: {pause: 1ms}}\n"
                                     "wires: [count.number -> times.in, times.out -> sink.in]\n"),
      "times", "recorded.txt", 20);
  expect_exact(report);
  const auto numbers = recorded_numbers("recorded.txt");
  EXPECT_TRUE(std::ranges::is_sorted(numbers, std::less_equal<>())) << "out of order, or twice";
  EXPECT_EQ(2000, report.wires.at("times.in").published);
  EXPECT_EQ(0, report.wires.at("times.in").in_flight);
  EXPECT_GE(20, lost(report, "times.in"));
  EXPECT_EQ(2000 - lost(report, "times.in"), std::ssize(numbers));
}

TEST_F(RestartsTest, ASinkGoesOnWithTheNextFrame) {
  const auto report =
      run_and_kill(circuit(std::string(kAtOnce) +
                           "blocks:\n"
                           "  count: {type: core.counter, params: {count: 1000}}\n"
                           "  sink: {type: core.null}\n"
                           "  clock: {type: test.recorder, params: {pause: 2ms}}\n"
                           "wires: [count.number -> sink.in, count.number -> clock.in]\n"),
                   "sink", "recorded.txt", 20);
  expect_exact(report);
  EXPECT_EQ(1000, report.wires.at("sink.in").taken + lost(report, "sink.in"));
  EXPECT_EQ(1000, std::ssize(recorded("recorded.txt")));
}

TEST_F(RestartsTest, PicturesThatArePassedOnArriveWhole) {
  const std::string text =
      "blocks:\n"
      "  source: {type: io.test_pattern, params: {frames: 300}}\n"
      "  pass: {type: flow.gate}\n"
      "  again: {type: flow.gate}\n"
      "  sink: {type: test.recorder, params: {pause: 1ms}}\n"
      "wires: [source.frames -> pass.in, pass.out -> again.in, again.out -> sink.in]\n";
  const auto hashes = [&] {
    std::map<std::string, std::string> found;
    for (const auto& line : recorded("recorded.txt")) {
      const auto stamp = line.find(' ') + 1;
      found[line.substr(stamp, line.find(' ', stamp) - stamp)] = line.substr(line.rfind(' '));
    }
    return found;
  };
  ASSERT_EQ(0, run_host({circuit(text)}).status);
  const auto undisturbed = hashes();
  std::filesystem::remove(folder() / "recorded.txt");
  ASSERT_EQ(300U, undisturbed.size());
  const auto report = run_and_kill(circuit(kAtOnce + text), "pass", "recorded.txt", 15);
  expect_exact(report);
  const auto disturbed = hashes();
  EXPECT_EQ(300 - lost(report, "pass.in"), std::ssize(disturbed));
  for (const auto& [stamp, hash] : disturbed) EXPECT_EQ(undisturbed.at(stamp), hash) << stamp;
}

TEST_F(RestartsTest, NothingIsLostWhereTheFrameIsTriedAgain) {
  const auto report =
      run_and_kill(circuit("defaults: {on_crash: retry, backoff: {first: 1ms, limit: 1ms}, "
                           "intensity: {deaths: 1000, within: 1s}}\n"
                           "blocks:\n"
                           "  count: {type: core.counter, params: {count: 2000}}\n"
                           "  times: {type: core.scale, params: {factor: 1}}\n"
                           "  sink: {type: test.recorder, params: {pause: 1ms}}\n"
                           "wires: [count.number -> times.in, times.out -> sink.in]\n"),
                   "times", "recorded.txt", 20);
  expect_exact(report);
  EXPECT_EQ(0, lost(report, "times.in"));
  EXPECT_EQ(2000, report.wires.at("times.in").taken);
  const auto numbers = recorded_numbers("recorded.txt");
  EXPECT_EQ(2000, std::ssize(numbers));
  EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end(), std::less_equal<>()));
}

TEST_F(RestartsTest, AFrameThatKillsAgainAndAgainIsSkippedAfterAll) {
  const auto result =
      run_host({circuit("blocks:\n"
                        "  count: {type: core.counter, params: {count: 9}}\n"
                        "  crash: {type: test.crash_on, params: {number: 5}, on_crash: retry,\n"
                        "          backoff: {first: 1ms, limit: 1ms}}\n"
                        "  sink: {type: test.recorder}\n"
                        "wires: [count.number -> crash.in, crash.out -> sink.in]\n"),
                "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_NE(result.errors.find("(death 3)"), std::string::npos) << result.errors;
  EXPECT_EQ(result.errors.find("(death 4)"), std::string::npos) << result.errors;
  EXPECT_EQ((std::vector<std::int64_t>{1, 2, 3, 4, 6, 7, 8, 9}), recorded_numbers("recorded.txt"));
  EXPECT_EQ(1, lost(parse_report(result.output), "crash.in"));
}

TEST_F(RestartsTest, ABlockThatCrashesAgainAndAgainGivesUp) {
  const auto result =
      run_host({circuit("defaults: {backoff: {first: 1ms}, intensity: {deaths: 3, within: 60s}}\n"
                        "blocks:\n"
                        "  count: {type: core.counter}\n"
                        "  crash: {type: misbehaving.segfault, params: {at: 5}}\n"
                        "  sink: {type: core.null}\n"
                        "wires: [count.number -> crash.in, crash.out -> sink.in]\n"),
                "--plugins", misbehaving("segfault")});
  EXPECT_EQ(3, result.status);
  EXPECT_NE(result.errors.find("block crash starts again in 1 ms (death 1)"), std::string::npos);
  EXPECT_NE(result.errors.find("block crash gave up: it died 4 times within 60 s"),
            std::string::npos)
      << result.errors;
}

TEST_F(RestartsTest, TheRestRunsOnWithoutOneThatGaveUpIfItsFileSaysSo) {
  const auto result = run_host(
      {circuit(
           "blocks:\n"
           "  count: {type: core.counter, params: {count: 500}}\n"
           "  crash: {type: misbehaving.segfault, params: {at: 5}, backoff: {first: 0},\n"
           "          intensity: {deaths: 1, within: 60s}, on_give_up: degrade}\n"
           "  behind: {type: core.null}\n"
           "  sink: {type: test.recorder}\n"
           "wires: [count.number -> crash.in, crash.out -> behind.in, count.number -> sink.in]\n"),
       "--plugins", misbehaving("segfault"), "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_NE(
      result.errors.find("block crash gave up: it died 2 times within 60 s; the rest runs on"),
      std::string::npos)
      << result.errors;
  EXPECT_EQ(500, std::ssize(recorded("recorded.txt")));
  const auto report = parse_report(result.output);
  EXPECT_EQ(500, report.wires.at("sink.in").taken);
  EXPECT_EQ(8, report.wires.at("behind.in").taken);  // 4 of each process
}

TEST_F(RestartsTest, OneThatHangsIsKilledAndOnlyItsFrameIsLost) {
  const auto result =
      run_host({circuit(std::string(kAtOnce) +
                        "blocks:\n"
                        "  count: {type: core.counter, params: {count: 20}}\n"
                        "  hang: {type: misbehaving.hangs, params: {at: 6}, timeout: 1s}\n"
                        "  sink: {type: test.recorder}\n"
                        "wires: [count.number -> hang.in, hang.out -> sink.in]\n"),
                "--plugins", misbehaving("hangs"), "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_NE(result.errors.find("block hang hangs, in process(); killed"), std::string::npos)
      << result.errors;
  const auto report = parse_report(result.output);
  expect_exact(report);
  EXPECT_EQ(3, lost(report, "hang.in"));  // frames 6, 12 and 18
  EXPECT_EQ(17, std::ssize(recorded("recorded.txt")));
}

TEST_F(RestartsTest, OneThatSpinsHangsAsWell) {
  const auto result =
      run_host({circuit(std::string(kAtOnce) +
                        "blocks:\n"
                        "  count: {type: core.counter, params: {count: 5}}\n"
                        "  hang: {type: misbehaving.hangs, params: {at: 3, spins: true}, "
                        "timeout: 1s}\n"
                        "  sink: {type: test.recorder}\n"
                        "wires: [count.number -> hang.in, hang.out -> sink.in]\n"),
                "--plugins", misbehaving("hangs"), "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "block hang hangs, in process(); killed"));
  EXPECT_EQ(1, lost(parse_report(result.output), "hang.in"));
}

TEST_F(RestartsTest, TimeThatABlockSleepsOfItsOwnAccordIsNoneThatItHangs) {
  const auto result =
      run_host({circuit("blocks:\n"
                        "  count: {type: core.counter, params: {count: 1}}\n"
                        "  sink: {type: test.recorder, timeout: 1s, params: {pause: 3s}}\n"
                        "wires: [count.number -> sink.in]\n"),
                "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_FALSE(contains(result.errors, "hangs"));
  EXPECT_EQ(1, parse_report(result.output).wires.at("sink.in").taken);
}

TEST_F(RestartsTest, TimeThatABlockWaitsForItsReadersIsNoneThatItHangs) {
  const auto result =
      run_host({circuit("blocks:\n"
                        "  count: {type: core.counter, timeout: 1s, params: {count: 3}}\n"
                        "  sink: {type: test.recorder, params: {pause: 3s}}\n"
                        "wires: [{from: count.number, to: sink.in, depth: 1}]\n"),
                "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_FALSE(contains(result.errors, "hangs"));
}

TEST_F(RestartsTest, NeverMeansThatTheCircuitEnds) {
  const auto result =
      run_host({circuit("defaults: {restart: never}\n"
                        "blocks:\n"
                        "  count: {type: core.counter}\n"
                        "  crash: {type: misbehaving.segfault, params: {at: 5}}\n"
                        "  sink: {type: core.null}\n"
                        "wires: [count.number -> crash.in, crash.out -> sink.in]\n"),
                "--plugins", misbehaving("segfault")});
  EXPECT_EQ(3, result.status);
  EXPECT_EQ(result.errors.find("starts again"), std::string::npos) << result.errors;
}

// A circuit with a block that took long to come back was taken for one that stands still: by its
// predecessor's last word it waited for frames, and the source waited for it.
TEST_F(RestartsTest, AWireDoesNotGrowWhileItsReaderComesBack) {
  Process host_process(
      host({circuit(std::string(kAtOnce) +
                    "blocks:\n"
                    "  count: {type: core.counter, params: {count: 60}, rate: 50}\n"
                    "  slow: {type: test.slow_start, params: {time: 700ms}}\n"
                    "  sink: {type: test.recorder}\n"
                    "wires: [count.number -> slow.in, slow.out -> sink.in]\n"),
            "--json"}));
  host_process.wait_until([&] { return recorded("recorded.txt").size() > 3; }, "frames");
  ::kill(await_worker(host_process, "slow"), SIGKILL);
  EXPECT_EQ(0, host_process.wait()) << host_process.errors();
  EXPECT_TRUE(contains(host_process.errors(), "block slow starts again"));
  EXPECT_FALSE(contains(host_process.errors(), "waited for each other"));
}

TEST_F(RestartsTest, ALatestKeepsItsValueOverTheDeathOfItsReader) {
  const auto report = run_and_kill(
      circuit(std::string(kAtOnce) +
              "blocks:\n"
              "  once: {type: core.counter, params: {count: 1}}\n"
              "  count: {type: core.counter, params: {count: 1000}}\n"
              "  add: {type: test.add_latest, params: {before: 1000000}}\n"
              "  sink: {type: test.recorder, params: {pause: 1ms}}\n"
              "wires: [once.number -> add.latest, count.number -> add.in, add.out -> sink.in]\n"),
      "add", "recorded.txt", 5);
  expect_exact(report);
  const auto numbers = recorded_numbers("recorded.txt");
  const auto has_value = [](std::int64_t number) { return number < 1000000; };
  const auto first = std::ranges::find_if(numbers, has_value);
  ASSERT_NE(first, numbers.end());
  EXPECT_TRUE(std::all_of(first, numbers.end(), has_value)) << errors_;
}

}  // namespace vcengine::test
