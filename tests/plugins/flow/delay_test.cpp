#include "plugins/flow/delay.cpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/plugins/message_of.hpp"
#include "vcengine/harness.hpp"
#include "vcengine/image.hpp"

namespace vcengine::flow {
namespace {

using std::chrono::milliseconds;

/// Number of a frame, and the stamp in ms with which it left.
using Left = std::vector<std::pair<int, int>>;

class DelayTest : public testing::Test {
 protected:
  DelayTest() {
    sut.set_clock(ClockKind::media);
    sut.set("time", "100ms");
  }

  /// Puts frames with these stamps in ms, the number of each its stamp, and steps for each.
  void arrive(const std::vector<int>& stamps) {
    for (const int stamp : stamps) {
      sut.put<Number>("in", stamp, milliseconds(stamp));
      sut.step();
    }
  }

  void end() {
    sut.end("in");
    ASSERT_FALSE(sut.step());
    sut.stop();
  }

  Left left() {
    Left left;
    while (const auto sent = sut.take<Number>("out")) {
      left.emplace_back(static_cast<int>(**sent),
                        static_cast<int>(sent->stamp() / milliseconds(1)));
    }
    return left;
  }

  BlockHarness<Delay> sut;
};

}  // namespace

TEST_F(DelayTest, AFrameLeavesWithTheFirstArrivalThatIsLateEnough) {
  arrive({0, 40, 80});
  EXPECT_EQ(Left{}, left());
  arrive({120, 160});
  EXPECT_EQ((Left{{0, 120}, {40, 160}}), left());
}

TEST_F(DelayTest, AnArrivalAtTheVeryTimeIsLateEnough) {
  arrive({0, 50, 100});
  EXPECT_EQ((Left{{0, 100}}), left());
}

TEST_F(DelayTest, SeveralLeaveAtOneArrivalInTheirOrder) {
  arrive({0, 40, 80, 1000});
  EXPECT_EQ((Left{{0, 1000}, {40, 1000}, {80, 1000}}), left());
}

TEST_F(DelayTest, WhatIsLeftAtTheEndLeavesLaterByTheTime) {
  arrive({0, 40, 80, 120});
  end();
  EXPECT_EQ((Left{{0, 120}, {40, 140}, {80, 180}, {120, 220}}), left());
}

TEST_F(DelayTest, EachFrameLeavesOnceHoweverManyAreKept) {
  sut.set("time", "40s");
  Left expected;
  Left all;
  for (int i = 0; i < 1100; ++i) {
    arrive({40 * i});
    for (const auto& one : left()) all.push_back(one);
    if (i >= 1000) expected.emplace_back(40 * (i - 1000), 40 * i);
  }
  EXPECT_EQ(expected, all);
}

TEST_F(DelayTest, WithoutATimeFramesLeaveAtOnce) {
  sut.set("time", "0s");
  arrive({0, 40});
  EXPECT_EQ((Left{{0, 0}, {40, 40}}), left());
}

TEST_F(DelayTest, GoesByTheCircuitsClockNotByTheStamps) {
  sut.set_clock(ClockKind::wall);
  arrive({0, 1000});
  EXPECT_EQ(Left{}, left());
  sut.advance(milliseconds(100));
  arrive({2000});
  EXPECT_EQ((Left{{0, 2000}, {1000, 2000}}), left());
}

TEST_F(DelayTest, AtTheEndStampsDoNotGoBackThoughTheClockAndTheyDisagree) {
  sut.set_clock(ClockKind::wall);
  arrive({0, 40, 5000});  // all at once
  end();
  EXPECT_EQ((Left{{0, 5000}, {40, 5000}, {5000, 5100}}), left());
}

TEST_F(DelayTest, AtTheEndOfAPacedCircuitFramesLeaveAtTheirTime) {
  sut.set_clock(ClockKind::wall).set_paced(true);
  arrive({0});
  sut.advance(milliseconds(60));
  arrive({60});
  end();
  EXPECT_EQ(milliseconds(160), sut.now());
  EXPECT_EQ((Left{{0, 100}, {60, 160}}), left());
}

TEST_F(DelayTest, AtTheEndOfACircuitThatIsNotPacedNothingIsWaitedFor) {
  sut.set_clock(ClockKind::wall);
  arrive({0});
  end();
  EXPECT_EQ(milliseconds(0), sut.now());
  EXPECT_EQ((Left{{0, 100}}), left());
}

TEST_F(DelayTest, PicturesLeaveAsTheyCameAndAreAsOldAsTheyAre) {
  sut.set_clock(ClockKind::wall);
  const cv::Mat picture(48, 64, CV_8UC3, cv::Scalar(1, 2, 3));
  sut.put<Bgr8>("in", picture);
  sut.step();
  sut.advance(milliseconds(100));
  sut.put<Bgr8>("in", cv::Mat(6, 8, CV_8UC3, cv::Scalar::all(0)));
  sut.step();
  const auto sent = sut.take<Bgr8>("out");
  ASSERT_TRUE(sent);
  EXPECT_EQ(0, cv::norm(picture, **sent, cv::NORM_INF));
  const auto harness_began = std::chrono::hours(1);
  EXPECT_EQ(harness_began, sent->header().born);
  EXPECT_EQ(milliseconds(40), sent->stamp());
}

TEST_F(DelayTest, RefusesATimeOfWhichMemoryWouldNotBeEnough) {
  const auto message = test::message_of([&] { sut.set("time", "2h"); });
  EXPECT_NE(std::string::npos, message.find("'time' must be in [0")) << message;
  EXPECT_NE("", test::message_of([&] { sut.set("time", "-1ms"); }));
  EXPECT_NE("", test::message_of([&] { sut.set("time", "100"); }));
}

}  // namespace vcengine::flow
