/// `restart: always`: a source that came to the end of its data begins anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <sstream>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kAlways =
    "defaults: {restart: always, backoff: {first: 1ms, factor: 2, limit: 4ms},\n"
    "           intensity: {deaths: 1, within: 60s}}\n";

struct Line {
  std::int64_t sequence = 0, stamp = 0;
  std::string last;
};

std::vector<Line> parsed(const std::vector<std::string>& lines) {
  std::vector<Line> result;
  for (const auto& text : lines) {
    Line line;
    std::istringstream stream(text);
    stream >> line.sequence >> line.stamp;
    line.last = text.substr(text.rfind(' ') + 1);
    result.push_back(std::move(line));
  }
  return result;
}

template <class Field>
auto all(const std::vector<Line>& lines, Field field) {
  std::vector<std::decay_t<decltype(lines.front().*field)>> result;
  for (const auto& line : lines) result.push_back(line.*field);
  return result;
}

}  // namespace

class AlwaysTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }
};

TEST_F(AlwaysTest, ASourceThatCameToItsEndBeginsAnewAndItsSequenceGoesOn) {
  const auto result =
      run_host({circuit(std::string(kAlways) + "blocks:\n"
                                               "  count: {type: core.counter, params: {count: 3}}\n"
                                               "  sink: {type: test.recorder}\n"
                                               "wires: [count.number -> sink.in]\n"),
                "--frames", "10", "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  const auto lines = parsed(recorded("recorded.txt"));
  EXPECT_EQ((std::vector<std::string>{"1", "2", "3", "1", "2", "3", "1", "2", "3", "1"}),
            all(lines, &Line::last));
  EXPECT_EQ((std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
            all(lines, &Line::sequence));
  EXPECT_TRUE(contains(result.errors, "block count came to its end; it begins anew in 1 ms"));
  EXPECT_TRUE(contains(result.errors, "begins anew in 2 ms"));
  EXPECT_EQ(10, parse_report(result.output).wires.at("sink.in").taken);
}

TEST_F(AlwaysTest, TheStampsThatASourceSaysGoOnEvenly) {
  const auto file = circuit(std::string(kAlways) +
                            "blocks:\n"
                            "  source: {type: io.test_pattern, params: {frames: 4, rate: 25}}\n"
                            "  sink: {type: test.recorder}\n"
                            "wires: [source.frames -> sink.in]\n");
  const auto run = [&] {
    const auto result = run_host({file, "--frames", "11", "--offline"});
    EXPECT_EQ(0, result.status) << result.errors;
    EXPECT_FALSE(contains(result.errors, "exception in process"));
    return recorded("recorded.txt");
  };
  const auto first_run = run();
  const auto lines = parsed(first_run);
  ASSERT_EQ(11U, lines.size());
  const auto step = lines[1].stamp - lines[0].stamp;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(step, lines[i].stamp - lines[i - 1].stamp) << i;
    if (i < 4) continue;
    EXPECT_EQ(lines[i - 4].last, lines[i].last) << "not the same picture, " << i;
  }
  EXPECT_EQ(first_run, run()) << "offline, two runs are the same";
}

TEST_F(AlwaysTest, AnEndIsNoDeathHoweverManyThereAre) {
  Process sut(
      host({circuit(std::string(kAlways) + "blocks:\n"
                                           "  count: {type: core.counter, params: {count: 1}}\n"
                                           "  sink: {type: test.recorder}\n"
                                           "wires: [count.number -> sink.in]\n")}));
  sut.wait_until([&] { return recorded("recorded.txt").size() > 12; }, "a dozen ends");
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  EXPECT_FALSE(contains(sut.errors(), "gave up"));
  EXPECT_FALSE(contains(sut.errors(), "death"));
}

TEST_F(AlwaysTest, WhoDiesIsStillCountedAndItsSequenceStaysInOrder) {
  Process sut(
      host({circuit("defaults: {restart: always, backoff: {first: 1ms, limit: 1ms}}\n"
                    "blocks:\n"
                    "  count: {type: core.counter, params: {count: 40}}\n"
                    "  sink: {type: test.recorder, params: {pause: 2ms}}\n"
                    "wires: [count.number -> sink.in]\n")}));
  std::size_t seen = 0;
  for (int kill = 0; kill < 3; ++kill) {
    pid_t victim = 0;
    sut.wait_until(
        [&] {
          for (const auto& worker : workers_of(sut.pid())) {
            if (worker.name.ends_with("/count")) victim = worker.pid;
          }
          return victim != 0 && recorded("recorded.txt").size() > seen + 50;
        },
        "frames of the next pass");
    seen = recorded("recorded.txt").size();
    ::kill(victim, SIGKILL);
  }
  sut.wait_until([&] { return recorded("recorded.txt").size() > seen + 50; }, "frames");
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  const auto sequences = all(parsed(recorded("recorded.txt")), &Line::sequence);
  EXPECT_TRUE(std::ranges::is_sorted(sequences, std::less_equal<>()));
}

TEST_F(AlwaysTest, ABlockWhoseInputsHaveEndedEndsForGood) {
  const auto result =
      run_host({circuit(std::string(kAlways) +
                        "blocks:\n"
                        "  count: {type: core.counter, restart: on_failure, params: {count: 3}}\n"
                        "  times: {type: core.scale, params: {factor: 2}}\n"
                        "  sink: {type: test.recorder}\n"
                        "wires: [count.number -> times.in, times.out -> sink.in]\n")});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_FALSE(contains(result.errors, "anew"));
  EXPECT_EQ(3U, recorded("recorded.txt").size());
}

TEST_F(AlwaysTest, OneThatBeginsAnewDoesNotOutliveAStop) {
  Process sut(
      host({circuit("defaults: {restart: always, backoff: {first: 1h, limit: 1h}}\n"
                    "blocks:\n"
                    "  count: {type: core.counter, params: {count: 3}}\n"
                    "  sink: {type: test.recorder}\n"
                    "wires: [count.number -> sink.in]\n")}));
  sut.wait_for_errors("begins anew in 3600000 ms");
  sut.signal(SIGTERM);
  EXPECT_EQ(143, sut.wait()) << sut.errors();
  EXPECT_EQ(3U, recorded("recorded.txt").size()) << "what was on the wire came through";
}

}  // namespace vcengine::test
