#include "engine/run/restart_policy.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

using namespace std::chrono_literals;

const RestartPolicy::Clock::time_point kStart{1h};

TEST(RestartPolicyTest, WaitsLongerAfterEachDeathUpToTheLimit) {
  Supervision rules;
  rules.backoff = {.first = 100ms, .factor = 3, .limit = 500ms};
  RestartPolicy sut(rules);
  EXPECT_EQ(100ms, sut.died(kStart));
  EXPECT_EQ(300ms, sut.died(kStart + 1s));
  EXPECT_EQ(500ms, sut.died(kStart + 2s));
  EXPECT_EQ(500ms, sut.died(kStart + 3s));
  EXPECT_EQ(4, sut.deaths());
}

TEST(RestartPolicyTest, BeginsAnewOnceItsDeathsAreLongAgo) {
  RestartPolicy sut(Supervision{});
  EXPECT_EQ(100ms, sut.died(kStart));
  EXPECT_EQ(200ms, sut.died(kStart + 10s));
  EXPECT_EQ(100ms, sut.died(kStart + 21s));
}

TEST(RestartPolicyTest, GivesUpAfterMoreDeathsThanAreAllowedWithinTheTime) {
  Supervision rules;
  rules.intensity = {.deaths = 2, .within = 10s};
  RestartPolicy sut(rules);
  EXPECT_TRUE(sut.died(kStart));
  EXPECT_TRUE(sut.died(kStart + 5s));
  EXPECT_FALSE(sut.died(kStart + 10s));
}

TEST(RestartPolicyTest, NoNumberOfEndsIsTooManyButTheyWaitLongerEachTime) {
  Supervision rules;
  rules.restart = RestartWhen::always;
  rules.intensity = {.deaths = 1, .within = 10s};
  rules.backoff = {.first = 100ms, .factor = 2, .limit = 300ms};
  RestartPolicy sut(rules);
  EXPECT_EQ(100ms, sut.ended(kStart));
  EXPECT_EQ(200ms, sut.ended(kStart + 1s));
  EXPECT_EQ(300ms, sut.ended(kStart + 2s));
  EXPECT_EQ(100ms, sut.ended(kStart + 13s)) << "the others are long ago";
  EXPECT_EQ(0, sut.deaths());
  EXPECT_EQ(100ms, sut.died(kStart + 13s)) << "ends are no deaths";
}

TEST(RestartPolicyTest, NeverMeansNever) {
  Supervision rules;
  rules.restart = RestartWhen::never;
  EXPECT_FALSE(RestartPolicy(rules).died(kStart));
}

TEST(RestartPolicyTest, ManyDeathsAreNoOverflow) {
  Supervision rules;
  rules.intensity = {.deaths = 100'000, .within = 1h};
  rules.backoff = {.first = 1s, .factor = 1000, .limit = 2s};
  RestartPolicy sut(rules);
  std::optional<RestartPolicy::Clock::duration> wait;
  for (int i = 0; i < 2000; ++i) wait = sut.died(kStart);
  EXPECT_EQ(2s, wait);
}

TEST(RestartPolicyTest, RetriesAFrameUntilItHasKilledThreeTimes) {
  Supervision rules;
  rules.on_crash = OnCrash::retry;
  RestartPolicy sut(rules);
  sut.died(kStart, 7);
  EXPECT_TRUE(sut.may_retry());
  sut.died(kStart + 1s, 7);
  EXPECT_TRUE(sut.may_retry());
  sut.died(kStart + 2s, 7);
  EXPECT_FALSE(sut.may_retry());
  sut.died(kStart + 3s, 8);
  EXPECT_TRUE(sut.may_retry());
}

TEST(RestartPolicyTest, SkipsAFrameUnlessItIsToldToRetry) {
  RestartPolicy sut(Supervision{});
  sut.died(kStart, 7);
  EXPECT_FALSE(sut.may_retry());
}

TEST(RestartPolicyTest, DeathsOnNoFrameAreNotCountedAsOneFrame) {
  Supervision rules;
  rules.on_crash = OnCrash::retry;
  RestartPolicy sut(rules);
  for (int death = 0; death < 4; ++death) sut.died(kStart, 0);
  EXPECT_TRUE(sut.may_retry());
}

}  // namespace
}  // namespace vcengine
