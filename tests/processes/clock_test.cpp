/// The circuit's clock: rates, throttles and limits go by it.
#include <gtest/gtest.h>

#include "engine/control/json.hpp"
#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class ClockTest : public HostTest {
 protected:
  std::string counting(const std::string& clock = "") const {
    return circuit(clock +
                   "blocks:\n"
                   "  count: {type: core.counter, rate: 20, params: {count: 6}}\n"
                   "  sink: {type: test.recorder}\n"
                   "wires: [count.number -> sink.in]\n");
  }
  /// How long it ran, as the host says.
  double seconds(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--json", "-q"});
    const auto result = run_host(std::move(arguments));
    EXPECT_EQ(result.status, 0) << result.errors;
    const auto report = parse_json(result.output);
    return static_cast<double>(integer_of(object_of(report, "report"), "running_ns")) * 1e-9;
  }
};

TEST_F(ClockTest, SlowedDownARateTakesLonger) {
  // Five periods of 50 ms, each twice as long. How long it takes at most is not asked.
  EXPECT_GE(seconds({counting(), "--speed", "0.5"}), 0.5);
  EXPECT_EQ(recorded("recorded.txt").back(), "6 250000000 number 6") << "stamps stay";
}

TEST_F(ClockTest, AVideosOwnPaceIsSlowedDownToo) {
  EXPECT_GE(seconds({circuit("blocks:\n"
                             "  video: {type: io.test_pattern, params: {rate: 20, frames: 6}}\n"
                             "  sink: {type: core.null}\n"
                             "wires: [video.frames -> sink.in]\n"),
                     "--speed", "0.5"}),
            0.5)
      << "--speed makes sources keep to their pace";
}

TEST_F(ClockTest, ATimeLimitGoesByTheClockOfTheMedia) {
  const auto file = circuit(
      "clock: media\n"
      "blocks:\n"
      "  count: {type: core.counter, rate: 20}\n"
      "  some: {type: flow.throttle, params: {rate: 5}}\n"
      "  sink: {type: test.recorder}\n"
      "wires: [count.number -> some.in, some.out -> sink.in]\n");
  const auto figures = figures_of({file, "--for", "1h"});
  EXPECT_EQ(figures.blocks.at("count").frames, 72'000) << "an hour of frames, in moments";
  EXPECT_EQ(figures.wires.at("sink.in").published, 18'000);
  EXPECT_EQ(recorded("recorded.txt").back(), "18000 3599800000000 number 71997");
}

TEST_F(ClockTest, SpeedAndOfflineExcludeEachOther) {
  const auto result = run_host({counting(), "--offline", "--speed", "2"});
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(contains(result.errors, "--speed"));
}

TEST_F(ClockTest, ASpeedThatIsNoneIsRefused) {
  for (const char* speed : {"0", "-1", "fast", "1e9"}) {
    const auto result = run_host({counting(), "--speed", speed});
    EXPECT_EQ(result.status, 2) << speed;
    EXPECT_TRUE(contains(result.errors, "--speed")) << result.errors;
  }
}

TEST_F(ClockTest, AJoinThatGetsNothingSaysWhyOnce) {
  const auto result = run_host({circuit("blocks:\n"
                                        "  left: {type: core.counter, rate: 10}\n"
                                        "  right: {type: core.counter, rate: 7}\n"
                                        "  shift: {type: core.scale}\n"
                                        "  later: {type: flow.throttle, params: {rate: 0.001}}\n"
                                        "  sum: {type: test.add, sync: {by: stamp}}\n"
                                        "  sink: {type: core.null}\n"
                                        "wires:\n"
                                        "  - left.number -> sum.left\n"
                                        "  - right.number -> shift.in\n"
                                        "  - shift.out -> later.in\n"
                                        "  - later.out -> sum.right\n"
                                        "  - sum.sum -> sink.in\n"),
                                "--for", "4s"});
  const std::string words = "block sum has put nothing together for 1 s";
  const auto first = result.errors.find(words);
  ASSERT_NE(first, std::string::npos) << result.errors;
  EXPECT_EQ(result.errors.find(words, first + 1), std::string::npos) << "said twice";
  EXPECT_TRUE(contains(result.errors, "'right' is"));
  EXPECT_TRUE(contains(result.errors, "behind 'left'"));
}

}  // namespace vcengine::test
