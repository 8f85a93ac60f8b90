/// Settings of a running circuit: looked at and changed, or refused with the reason.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/processes/support/controlled_circuit.hpp"

namespace vcengine::test {

namespace {

/// Records how wide the band was at each number.
constexpr const char* kBand =
    "circuit: tuned\n"
    "blocks:\n"
    "  count: {type: core.counter, rate: 200}\n"
    "  band: {type: test.band, params: {low: 10, high: 30}}\n"
    "  sink: {type: test.recorder}\n"
    "wires: [count.number -> band.in, band.out -> sink.in]\n";

/// Its next frame is a long time off.
constexpr const char* kRare =
    "blocks:\n"
    "  count: {type: core.counter, rate: 0.001}\n"
    "  band: {type: test.band}\n"
    "  sink: {type: core.null}\n"
    "wires: [count.number -> band.in, band.out -> sink.in]\n";

}  // namespace

class TuningTest : public ControlledTest {
 protected:
  std::string width_of_last_frame() const {
    const auto lines = recorded("recorded.txt");
    return lines.empty() ? "" : lines.back().substr(lines.back().rfind(' ') + 1);
  }
};

TEST_F(TuningTest, ASettingIsInForceInTheNextFrame) {
  Process sut(host({circuit(kBand)}));
  wait_until_running();
  // The source first: who is paused in the middle of a frame takes settings after that.
  expect_done({"pause", "count"});
  EXPECT_TRUE(eventually([&] { return frames("sink") == frames("count"); }));
  expect_done({"pause"});
  expect_done({"set", "band.high=70"});
  EXPECT_EQ("70", value_of("band.high"));
  expect_done({"step"});
  const auto widened = frames("band");
  expect_done({"resume"});
  EXPECT_TRUE(eventually([&] { return frames("sink") > widened + 10; }));
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();

  // Each frame before it has the old width, each from it on the new one.
  const auto lines = recorded("recorded.txt");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto width = lines[i].substr(lines[i].rfind(' ') + 1);
    EXPECT_EQ(static_cast<std::int64_t>(i) + 1 < widened ? "20" : "60", width) << "frame " << i + 1;
  }
}

TEST_F(TuningTest, AValueOutOfRangeIsRefusedWithTheRange) {
  Process sut(host({circuit(kBand)}));
  wait_until_running();
  expect_refused({"set", "band.low=5000"},
                 "band: 'low' must be in [0, 1000], not 5000 (Lower end)");
  expect_refused({"set", "band.low=much"}, "band: 'low' must be");
  EXPECT_EQ("10", value_of("band.low"));
}

TEST_F(TuningTest, ABlockRefusesWithItsOwnReasonAndKeepsWhatItHad) {
  Process sut(host({circuit(kBand)}));
  wait_until_running();
  expect_refused({"set", "band.low=31"}, "band: 'low' must not be above 'high'");
  expect_refused({"set", "band.high=25", "band.low=26"}, "'low' must not be above 'high'");
  EXPECT_EQ("10", value_of("band.low"));
  EXPECT_EQ("30", value_of("band.high"));
  const auto refused_at = frames("sink");
  EXPECT_TRUE(eventually([&] { return frames("sink") > refused_at + 5; }));
  EXPECT_EQ("20", width_of_last_frame());
}

TEST_F(TuningTest, SettingsThatGoTogetherAreChangedTogether) {
  Process sut(host({circuit(kBand)}));
  wait_until_running();
  expect_done({"set", "band.low=300", "band.high=400", "sink.pause=1ms"});
  EXPECT_TRUE(eventually([&] { return width_of_last_frame() == "100"; }));
  EXPECT_EQ("1ms", value_of("sink.pause"));
}

TEST_F(TuningTest, AWrongNameIsAnsweredWithTheRightOne) {
  Process sut(host({circuit(kBand)}));
  wait_until_running();
  expect_refused({"set", "bnad.low=1"}, "no block 'bnad' in circuit tuned; did you mean 'band'?");
  expect_refused({"set", "band.lo=1"}, "'test.band' has no parameter 'lo'; did you mean 'low'?");
  expect_refused({"set", "sink.pause=5"}, "'pause' needs a unit, such as 5ms or 5s");
  expect_refused({"set", "low=5"}, "'low=5' is no setting; one is 'block.parameter=value'");
  expect_refused({"get", "band.lo"}, "did you mean 'low'?");
}

TEST_F(TuningTest, GetShowsValuesAndRanges) {
  Process sut(host({circuit(kBand)}));
  wait_until_running();
  const auto all = tool({"get"});
  EXPECT_EQ(0, all.status) << all.errors;
  EXPECT_TRUE(contains(all.output, "band.low     10"));
  EXPECT_TRUE(contains(all.output, "0 to 1000"));
  EXPECT_TRUE(contains(all.output, "sink.pause"));
  EXPECT_EQ("band.high  30  0 to 1000\n", tool({"get", "band.high"}).output);
  EXPECT_TRUE(contains(tool({"get", "band.high", "--json"}).output,
                       "{\"settings\":[{\"block\":\"band\",\"param\":\"high\",\"value\":30,"));
}

TEST_F(TuningTest, ABlockThatWaitsForAFrameOrForItsTimeTakesASettingNow) {
  Process sut(host({circuit(kRare)}));
  wait_until_running();
  expect_done({"set", "band.high=500"});
  expect_done({"set", "count.step=5"});
  EXPECT_GE(1, frames("count"));
  EXPECT_EQ("5", value_of("count.step"));
}

TEST_F(TuningTest, SettingsThatDoNotGoTogetherAreRefusedAtTheStart) {
  const auto result = run_host({circuit(kBand), "--set", "band.low=31"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "block band gave up: 'low' must not be above 'high'"));
}

TEST_F(TuningTest, FourClientsThatSetAsFastAsTheyCanCrashNothingAndEachIsAnswered) {
  constexpr int kRequests = 300;
  Process sut(host({circuit(kBand)}));
  wait_until_running();
  std::vector<std::thread> clients;
  std::vector<int> answered(4);
  for (std::size_t i = 0; i < answered.size(); ++i) {
    clients.emplace_back([&, i] {
      auto client = client_of(folder());
      for (int k = 0; k < kRequests; ++k) {
        const auto answer = client.ask({{"op", "set"},
                                        {"block", "band"},
                                        {"param", i % 2 == 0 ? "low" : "high"},
                                        {"value", k % 50}});
        // One of the two may be above the other one just then.
        const bool good = flag_of(answer, "ok") ||
                          text_of(answer, "error") == "band: 'low' must not be above 'high'";
        EXPECT_TRUE(good) << to_text(answer);
        if (good) ++answered[i];
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ((std::vector<int>{kRequests, kRequests, kRequests, kRequests}), answered);
  expect_done({"set", "band.low=1", "band.high=43"});
  const auto from = frames("sink");
  EXPECT_TRUE(eventually([&] { return frames("sink") > from + 10; }));
  EXPECT_EQ("42", width_of_last_frame());
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

}  // namespace vcengine::test
