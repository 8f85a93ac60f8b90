#include "plugins/flow/gate.cpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/plugins/message_of.hpp"
#include "vcengine/harness.hpp"
#include "vcengine/image.hpp"

namespace vcengine::flow {
namespace {

using std::chrono::milliseconds;

/// Of a frame put now: does it go through?
bool lets_through(BlockHarness<Gate>& sut, double number) {
  sut.put<Number>("in", number);
  sut.step();
  const auto sent = sut.take<Number>("out");
  return sent && **sent == number;
}

}  // namespace

TEST(GateTest, IsOpenBeforeTheFirstNumber) {
  BlockHarness<Gate> sut;
  EXPECT_TRUE(lets_through(sut, 1));
}

TEST(GateTest, IsClosedBeforeTheFirstNumberIfAskedTo) {
  BlockHarness<Gate> sut;
  sut.set("starts_open", false);
  EXPECT_FALSE(lets_through(sut, 1));
  sut.put<Number>("open", 1.0);
  EXPECT_TRUE(lets_through(sut, 2));
}

TEST(GateTest, FollowsTheNewestNumber) {
  BlockHarness<Gate> sut;
  for (const double open : {0.0, 1.0, 0.0, -0.5, 0.0, 100.0}) {
    sut.put<Number>("open", 7.0);
    sut.put<Number>("open", open);
    EXPECT_EQ(open != 0, lets_through(sut, 1)) << open;
    EXPECT_EQ(open != 0, lets_through(sut, 2)) << open << ", once more";
  }
}

TEST(GateTest, WhatCameWhileItWasClosedIsNotMadeUpFor) {
  BlockHarness<Gate> sut;
  sut.put<Number>("open", 0.0);
  EXPECT_FALSE(lets_through(sut, 1));
  sut.put<Number>("open", 1.0);
  EXPECT_TRUE(lets_through(sut, 2));
  EXPECT_FALSE(sut.take_frame("out"));
}

TEST(GateTest, PicturesGoThroughAsTheyAre) {
  BlockHarness<Gate> sut;
  const cv::Mat picture(48, 64, CV_8UC3, cv::Scalar(1, 2, 3));
  sut.put<Bgr8>("in", picture, milliseconds(70));
  sut.step();
  const auto sent = sut.take<Bgr8>("out");
  ASSERT_TRUE(sent);
  EXPECT_EQ(milliseconds(70), sent->stamp());
  EXPECT_EQ(0, cv::norm(picture, **sent, cv::NORM_INF));
}

TEST(GateTest, IsOpenOrNotBeforeTheFirstNumberAndNothingBetween) {
  BlockHarness<Gate> sut;
  const auto message = test::message_of([&] { sut.set("starts_open", "ajar"); });
  EXPECT_NE(std::string::npos, message.find("'starts_open'")) << message;
}

}  // namespace vcengine::flow
