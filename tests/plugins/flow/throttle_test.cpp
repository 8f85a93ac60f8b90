#include "plugins/flow/throttle.cpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/plugins/message_of.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::flow {
namespace {

using std::chrono::milliseconds;

bool lets_through(BlockHarness<Throttle>& sut, Stamp stamp) {
  sut.put<Number>("in", 1.0, stamp);
  sut.step();
  const auto sent = sut.take<Number>("out");
  return sent && sent->stamp() == stamp;
}

/// Of frames with these stamps in ms, those that go through.
std::vector<int> passed(BlockHarness<Throttle>& sut, const std::vector<int>& stamps) {
  std::vector<int> passed;
  for (const int stamp : stamps) {
    if (lets_through(sut, milliseconds(stamp))) passed.push_back(stamp);
  }
  return passed;
}

/// How many of this many frames of a source go through.
int count_passed(BlockHarness<Throttle>& sut, double source_rate, int frames) {
  RateStamps source;
  int count = 0;
  for (int i = 0; i < frames; ++i) count += lets_through(sut, source.next(source_rate)) ? 1 : 0;
  return count;
}

class ThrottleTest : public testing::Test {
 protected:
  ThrottleTest() { sut.set_clock(ClockKind::media); }

  BlockHarness<Throttle> sut;
};

}  // namespace

TEST_F(ThrottleTest, LetsAsManyThroughAsAskedForAndTheFirstAlways) {
  sut.set("rate", 10.0);
  EXPECT_EQ((std::vector{20, 120, 220}), passed(sut, {20, 70, 119, 120, 170, 219, 220, 270}));
}

TEST_F(ThrottleTest, DoesNotDriftWhereNoFrameComesInTime) {
  sut.set("rate", 20.0);
  EXPECT_EQ((std::vector{0, 66, 100, 166, 200}), passed(sut, {0, 33, 66, 100, 133, 166, 200}));
}

TEST_F(ThrottleTest, KeepsItsRateOverHours) {
  sut.set("rate", 10.0);
  constexpr int kHour = 3600;
  EXPECT_NEAR(10 * kHour, count_passed(sut, 30000.0 / 1001, 30 * kHour * 1000 / 1001), 1);
}

TEST_F(ThrottleTest, ASourceOfTheSameRatePassesWhole) {
  sut.set("rate", 30.0);
  EXPECT_EQ(1000, count_passed(sut, 30, 1000));
}

TEST_F(ThrottleTest, MakesUpForNothingAfterAPause) {
  sut.set("rate", 10.0);
  EXPECT_EQ((std::vector{0, 1050, 1150}), passed(sut, {0, 1050, 1060, 1070, 1100, 1149, 1150}));
}

TEST_F(ThrottleTest, AChangedRateCountsFromTheFrameBefore) {
  sut.set("rate", 0.001);
  EXPECT_EQ((std::vector{0}), passed(sut, {0, 40, 80}));
  sut.set("rate", 10.0);
  EXPECT_EQ((std::vector{100, 200}), passed(sut, {99, 100, 140, 200}));
}

TEST_F(ThrottleTest, GoesByTheCircuitsClockNotByTheStamps) {
  sut.set_clock(ClockKind::wall).set("rate", 10.0);
  EXPECT_EQ((std::vector{0}), passed(sut, {0, 1000, 2000}));  // all at once
  sut.advance(milliseconds(99));
  EXPECT_EQ((std::vector<int>{}), passed(sut, {3000}));
  sut.advance(milliseconds(1));
  EXPECT_EQ((std::vector{3001}), passed(sut, {3001}));
}

TEST_F(ThrottleTest, RefusesARateThatIsNoneWithTheRange) {
  for (const double rate : {0.0, -1.0, 1e6}) {
    const auto message = test::message_of([&] { sut.set("rate", rate); });
    EXPECT_NE(std::string::npos, message.find("'rate' must be in [0.001, 1e+05]")) << message;
  }
}

TEST_F(ThrottleTest, ItsSuccessorKnowsWhenTheNextOneIsDue) {
  sut.set("rate", 10.0);
  EXPECT_EQ((std::vector{20}), passed(sut, {20, 70}));
  sut.restart();
  EXPECT_EQ((std::vector{120}), passed(sut, {119, 120, 170}));
}

}  // namespace vcengine::flow
