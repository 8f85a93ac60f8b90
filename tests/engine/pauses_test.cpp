#include "engine/run/pauses.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

using namespace std::chrono_literals;
using Clock = Pauses::Clock;

const Clock::time_point kNow = Clock::time_point(1h);

TEST(PausesTest, TheClockStandsStillOnlyWhileAllDo) {
  Pauses sut(2);
  sut.pause(0, kNow);
  EXPECT_TRUE(sut.any());
  EXPECT_FALSE(sut.all());
  sut.pause(1, kNow + 10s);
  EXPECT_TRUE(sut.all());
  sut.resume(0, kNow + 15s);
  EXPECT_FALSE(sut.all());
  EXPECT_TRUE(sut.any());
  EXPECT_EQ(5s, sut.with_all(kNow + 20s));
  EXPECT_EQ(20s, sut.with_any(kNow + 20s));
}

TEST(PausesTest, ABlockIsHeldBackByWhatTheClockStoodStillSinceItsOwnPause) {
  Pauses sut(2);
  for (const std::size_t block : {0, 1}) sut.pause(block, kNow);
  EXPECT_EQ(5s, sut.resume(0, kNow + 5s));
  sut.pause(0, kNow + 7s);
  EXPECT_EQ(3s, sut.resume(0, kNow + 10s));
  EXPECT_EQ(8s, sut.resume(1, kNow + 60s));
}

TEST(PausesTest, APauseOfWhoIsPausedAndAResumeOfWhoIsNotChangeNothing) {
  Pauses sut(1);
  EXPECT_EQ(0s, sut.resume(0, kNow));
  sut.pause(0, kNow);
  sut.pause(0, kNow + 5s);
  EXPECT_EQ(10s, sut.resume(0, kNow + 10s));
  EXPECT_EQ(Clock::time_point::max(), sut.over_since());
  sut.went_on(kNow + 11s);
  EXPECT_EQ(kNow + 11s, sut.over_since());
}

}  // namespace
}  // namespace vcengine
