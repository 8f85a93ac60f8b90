#include "plugins/vision/edge_detector.cpp"

#include <gtest/gtest.h>

#include "vcengine/harness.hpp"

namespace vcengine::vision {
namespace {

cv::Mat white_square_on_black() {
  cv::Mat picture(60, 80, CV_8UC3, cv::Scalar::all(0));
  picture(cv::Rect(20, 20, 30, 20)).setTo(cv::Scalar::all(255));
  return picture;
}

}  // namespace

TEST(EdgeDetectorTest, FindsTheOutlineOfASquareAndNothingElse) {
  BlockHarness<EdgeDetector> sut;
  sut.put<Bgr8>("image", white_square_on_black());
  sut.step();
  const auto edges = sut.take<Gray8>("edges");
  ASSERT_TRUE(edges);
  EXPECT_EQ(cv::Size(80, 60), (*edges)->size());
  EXPECT_NEAR(2 * (30 + 20), cv::countNonZero(**edges), 8);
  EXPECT_EQ(0, cv::countNonZero((**edges)(cv::Rect(25, 25, 20, 10))));
}

TEST(EdgeDetectorTest, GivesWhatTheSameOpenCvCallsGive) {
  cv::Mat picture(240, 320, CV_8UC3);
  cv::theRNG().state = 42;
  cv::randu(picture, 0, 255);
  cv::Mat gray, expected;
  cv::cvtColor(picture, gray, cv::COLOR_BGR2GRAY);
  cv::Canny(gray, expected, 50, 150);

  BlockHarness<EdgeDetector> sut;
  sut.set("low", 50).set("high", 150);
  sut.put<Bgr8>("image", picture);
  sut.step();
  EXPECT_EQ(0, cv::norm(expected, **sut.take<Gray8>("edges"), cv::NORM_INF));
}

TEST(EdgeDetectorTest, FollowsAFrameSizeThatChangesBothWays) {
  BlockHarness<EdgeDetector> sut;
  for (const auto size : {cv::Size(64, 48), cv::Size(640, 480), cv::Size(16, 16)}) {
    sut.put<Bgr8>("image", cv::Mat(size, CV_8UC3, cv::Scalar::all(7)));
    sut.step();
    EXPECT_EQ(size, (*sut.take<Gray8>("edges"))->size());
  }
}

TEST(EdgeDetectorTest, HighThresholdsLeaveNoEdge) {
  cv::Mat faint(60, 80, CV_8UC3, cv::Scalar::all(100));
  faint.colRange(40, 80).setTo(cv::Scalar::all(110));
  BlockHarness<EdgeDetector> sut;
  sut.set("low", 900).set("high", 1000);
  sut.put<Bgr8>("image", faint);
  sut.step();
  EXPECT_EQ(0, cv::countNonZero(**sut.take<Gray8>("edges")));
}

}  // namespace vcengine::vision
