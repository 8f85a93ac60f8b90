/// Which frames belong together, from their stamps alone.
#include "frame_matcher.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>

#include "tests/sdk/test_pool.hpp"

namespace vcengine::detail {
namespace {

using wire::Policy;
using wire::TestPool;
using Ready = FrameMatcher::Ready;
using namespace std::chrono_literals;

constexpr std::uint32_t kDepth = 64;

/// Two or more inputs, each with a writer of its own, and a clock that stands still.
class Meeting {
 public:
  explicit Meeting(SyncRule rule, std::vector<bool> may_miss = {false, false}) {
    std::vector<FrameMatcher::Input> inputs;
    for (const bool may : may_miss) {
      pools_.push_back(
          std::make_unique<TestPool>(std::vector<wire::ReaderSpec>{{Policy::wait, kDepth}}));
      inputs.push_back({pools_.back()->readers[0], may});
    }
    sut = std::make_unique<FrameMatcher>(std::move(inputs), rule);
  }

  /// What a writer does: the frame, then that its stamp is over.
  void send(std::size_t input, Stamp stamp) {
    auto& writer = *pools_[input]->writer;
    ASSERT_TRUE(writer.has_space());
    FrameHeader header;
    header.stamp = stamp;
    writer.publish(*writer.try_loan(), header);
    writer.advance_bound(stamp.count() + 1, false);
  }
  void send(std::size_t input, std::initializer_list<Stamp> stamps) {
    for (const auto stamp : stamps) send(input, stamp);
  }
  void say_nothing_before(std::size_t input, Stamp stamp) {
    pools_[input]->writer->advance_bound(stamp.count(), false);
  }
  void end(std::size_t input) { pools_[input]->writer->end(); }

  Ready look() { return sut->look(now); }
  /// "0+3 5+-": the stamps in ms of all matches that there are now, "-" for what is missing.
  std::string matches() {
    std::string text;
    while (look() == Ready::yes) {
      text += text.empty() ? "" : " ";
      for (std::size_t i = 0; i < pools_.size(); ++i) {
        text += i == 0 ? "" : "+";
        text += sut->has(i) ? std::to_string(sut->front(i).stamp / 1ms) : "-";
      }
      take_all();
    }
    return text;
  }
  void take_all() {
    for (std::size_t i = 0; i < pools_.size(); ++i) {
      if (!sut->has(i)) continue;
      FrameRef frame;
      EXPECT_EQ(pools_[i]->readers[0]->take(frame, sut->front(i).sequence),
                wire::RingReader::Status::frame);
    }
  }
  std::uint64_t unmatched(std::size_t input) const {
    return pools_[input]->readers[0]->dropped(wire::DropReason::unmatched);
  }

  FrameMatcher::TimePoint now{1h};
  std::unique_ptr<FrameMatcher> sut;

 private:
  std::vector<std::unique_ptr<TestPool>> pools_;
};

TEST(FrameMatcherTest, EqualStampsMeetAndWhatHasNoPartnerIsCounted) {
  Meeting sut({});
  sut.send(0, {0ms, 10ms, 20ms, 40ms});
  sut.send(1, {10ms, 30ms, 40ms});
  EXPECT_EQ(sut.matches(), "10+10 40+40");
  EXPECT_EQ(sut.unmatched(0), 2U);
  EXPECT_EQ(sut.unmatched(1), 1U);
}

TEST(FrameMatcherTest, AFrameWaitsUntilItIsCertainThatItsPartnerWillNotCome) {
  Meeting sut({});
  sut.send(0, 10ms);
  EXPECT_EQ(sut.look(), Ready::no);
  sut.say_nothing_before(1, 10ms);
  EXPECT_EQ(sut.look(), Ready::no);
  EXPECT_EQ(sut.unmatched(0), 0U);
  sut.say_nothing_before(1, 10ms + 1ns);
  EXPECT_EQ(sut.look(), Ready::no);
  EXPECT_EQ(sut.unmatched(0), 1U);
}

TEST(FrameMatcherTest, NothingComesBeforeTheLatestInputIsReached) {
  Meeting sut({});
  sut.send(0, 30ms);
  sut.say_nothing_before(1, 50ms);
  sut.look();
  EXPECT_EQ(sut.sut->horizon(), Stamp(50ms).count());
}

TEST(FrameMatcherTest, WithinTheToleranceTheNearestMeet) {
  Meeting sut({.tolerance = 15ms});
  sut.send(0, {0ms, 33ms, 67ms, 100ms, 133ms});
  sut.send(1, {10ms, 60ms, 110ms, 160ms});  // 10: nearest 0; 60: 67; 110: 100; 160: none
  sut.end(0);
  sut.end(1);
  EXPECT_EQ(sut.matches(), "0+10 67+60 100+110");
  EXPECT_EQ(sut.look(), Ready::finished);
  EXPECT_EQ(sut.unmatched(0), 2U);
  EXPECT_EQ(sut.unmatched(1), 1U);
}

TEST(FrameMatcherTest, AFrameIsNotGivenAwayBeforeANearerOneIsRuledOut) {
  Meeting sut({.tolerance = 15ms});
  sut.send(0, 0ms);
  sut.send(1, 10ms);
  EXPECT_EQ(sut.look(), Ready::no) << "a frame of 12 ms would be nearer";
  sut.say_nothing_before(0, 20ms);
  EXPECT_EQ(sut.matches(), "0+10");
}

TEST(FrameMatcherTest, AFrameGivesWayToANearerOneBehindIt) {
  Meeting sut({.tolerance = 15ms});
  sut.send(0, {0ms, 10ms, 20ms});
  sut.send(1, {8ms, 18ms});
  sut.end(0);
  sut.end(1);
  EXPECT_EQ(sut.matches(), "10+8 20+18");
  EXPECT_EQ(sut.unmatched(0), 1U);
}

TEST(FrameMatcherTest, EqualStampsNeedNoSecondLook) {
  Meeting sut({.tolerance = 15ms});
  sut.send(0, 10ms);
  sut.send(1, 10ms);
  EXPECT_EQ(sut.matches(), "10+10");
}

TEST(FrameMatcherTest, FramesFurtherApartThanTheToleranceDoNotMeet) {
  Meeting sut({.tolerance = 15ms});
  sut.send(0, {0ms, 100ms});
  sut.send(1, {16ms, 115ms});
  sut.end(0);
  sut.end(1);
  EXPECT_EQ(sut.matches(), "100+115");
}

/// Two free-running cameras. What can be paired is: each slower frame whose nearest partner is
/// within the tolerance, and each with that one.
TEST(FrameMatcherTest, TwoFreeRunningSourcesArePairedEachFrameWithItsNearest) {
  const auto tolerance = 15.0;
  Meeting sut({.tolerance = 15ms});
  const auto slow = [](int i) { return i * 1e3 / 29.97; };
  const auto fast = [](int i) { return i * 1e3 / 30.0; };
  const auto stamp = [](double ms) { return Stamp{std::llround(ms * 1e6)}; };
  constexpr int kFrames = 3000;  // three beats: every phase occurs
  int next_slow = 0;
  int next_fast = 0;
  std::map<std::int64_t, std::int64_t> pairs;
  while (next_slow < kFrames) {
    if (slow(next_slow) < fast(next_fast)) {
      sut.send(0, stamp(slow(next_slow++)));
    } else {
      sut.send(1, stamp(fast(next_fast++)));
    }
    while (sut.look() == Ready::yes) {
      pairs[sut.sut->front(0).stamp.count()] = sut.sut->front(1).stamp.count();
      sut.take_all();
    }
  }
  int with_partner = 0;
  int in_the_first_beat = 0;
  for (int i = 0; i + 2 < kFrames; ++i) {
    const auto nearest = fast(static_cast<int>(std::lround(slow(i) * 30.0 / 1e3)));
    const bool can = std::abs(nearest - slow(i)) <= tolerance;
    const auto pair = pairs.find(stamp(slow(i)).count());
    ASSERT_EQ(pair != pairs.end(), can) << "frame " << i;
    if (!can) continue;
    ++with_partner;
    in_the_first_beat += i < 449 ? 1 : 0;
    EXPECT_EQ(pair->second, stamp(nearest).count()) << "frame " << i;
  }
  EXPECT_EQ(in_the_first_beat, 449) << "as long as the phases are within 15 ms";
  // With a period of 33.3 ms no more than 15 / 16.7 of all phases are.
  EXPECT_NEAR(with_partner, kFrames * 15 / 16.67, kFrames * 0.01);
}

TEST(FrameMatcherTest, ThreeInputsMeet) {
  Meeting sut({.tolerance = 10ms}, {false, false, false});
  sut.send(0, {0ms, 50ms, 100ms});
  sut.send(1, {4ms, 54ms, 104ms});
  sut.send(2, {8ms, 108ms});
  for (const std::size_t input : {0U, 1U, 2U}) sut.end(input);
  EXPECT_EQ(sut.matches(), "0+4+8 100+104+108");
  EXPECT_EQ(sut.unmatched(0), 1U);
  EXPECT_EQ(sut.unmatched(1), 1U);
}

TEST(FrameMatcherTest, ByOrderTheStampsDoNotMatter) {
  Meeting sut({.by = SyncRule::By::order});
  sut.send(0, {0ms, 10ms, 20ms});
  sut.send(1, {1000ms, 2000ms});
  EXPECT_EQ(sut.matches(), "0+1000 10+2000");
  EXPECT_EQ(sut.look(), Ready::no);
  sut.end(1);
  EXPECT_EQ(sut.look(), Ready::finished);
  EXPECT_EQ(sut.unmatched(0), 1U);
}

TEST(FrameMatcherTest, APartialMatchLacksWhatMayBeMissing) {
  Meeting sut({.partial = true}, {false, true});
  sut.send(0, {0ms, 10ms, 20ms});
  sut.send(1, {10ms});
  EXPECT_EQ(sut.matches(), "0+- 10+10");
  sut.end(1);
  EXPECT_EQ(sut.matches(), "20+-");
  sut.send(0, 30ms);
  sut.end(0);
  EXPECT_EQ(sut.matches(), "30+-");
  EXPECT_EQ(sut.look(), Ready::finished);
}

TEST(FrameMatcherTest, APartialMatchDoesNotLackWhatIsNeeded) {
  Meeting sut({.partial = true}, {false, true});
  sut.send(1, {0ms, 10ms});
  sut.send(0, 10ms);
  EXPECT_EQ(sut.matches(), "10+10");
  EXPECT_EQ(sut.unmatched(1), 1U);
}

TEST(FrameMatcherTest, PatienceEndsAfterTheWait) {
  Meeting sut({.wait = 50ms});
  sut.send(0, 10ms);
  EXPECT_EQ(sut.look(), Ready::no);
  EXPECT_EQ(sut.sut->deadline(), sut.now + 50ms);
  sut.now += 49ms;
  EXPECT_EQ(sut.look(), Ready::no);
  EXPECT_EQ(sut.unmatched(0), 0U);
  sut.now += 1ms;
  EXPECT_EQ(sut.look(), Ready::no);
  EXPECT_EQ(sut.unmatched(0), 1U);
  EXPECT_EQ(sut.sut->deadline(), FrameMatcher::TimePoint::max());
}

TEST(FrameMatcherTest, APartnerThatComesAfterThePatienceFindsNobody) {
  Meeting sut({.wait = 50ms, .partial = true}, {false, true});
  sut.send(0, 10ms);
  EXPECT_EQ(sut.look(), Ready::no);
  sut.now += 50ms;
  EXPECT_EQ(sut.matches(), "10+-");
  sut.send(1, {5ms, 10ms, 20ms});
  sut.send(0, 20ms);
  EXPECT_EQ(sut.matches(), "20+20");
  EXPECT_EQ(sut.unmatched(1), 2U);
}

TEST(FrameMatcherTest, WhatComesBeforeTheLastMatchIsNotMatchedAnyMore) {
  Meeting sut({.wait = 50ms, .partial = true}, {true, true});
  sut.send(0, 10ms);
  EXPECT_EQ(sut.look(), Ready::no);
  sut.now += 50ms;
  EXPECT_EQ(sut.matches(), "10+-");
  sut.send(1, 5ms);
  sut.say_nothing_before(0, 20ms);
  EXPECT_EQ(sut.matches(), "") << "stamps would go back";
  EXPECT_EQ(sut.unmatched(1), 1U);
}

TEST(FrameMatcherTest, PatienceAlsoEndsForANearerFrame) {
  Meeting sut({.tolerance = 15ms, .wait = 20ms});
  sut.send(0, 0ms);
  sut.send(1, 10ms);
  EXPECT_EQ(sut.look(), Ready::no);
  sut.now += 20ms;
  EXPECT_EQ(sut.matches(), "0+10");
}

TEST(FrameMatcherTest, TheStampOfAMatchIsTheEarliestAndNeverGoesBack) {
  Meeting sut({.tolerance = 15ms});
  sut.send(0, {10ms, 40ms});
  sut.send(1, {5ms, 50ms});
  sut.end(0);
  sut.end(1);
  ASSERT_EQ(sut.look(), Ready::yes);
  EXPECT_EQ(sut.sut->stamp(), 5ms);
  sut.take_all();
  ASSERT_EQ(sut.look(), Ready::yes);
  EXPECT_EQ(sut.sut->stamp(), 40ms);
}

}  // namespace
}  // namespace vcengine::detail
