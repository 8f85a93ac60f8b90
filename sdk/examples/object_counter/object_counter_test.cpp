#include "object_counter.cpp"

#include <gmock/gmock.h>
#include <vcengine/harness.hpp>
#include <vcengine/picture_matchers.hpp>

using namespace vcengine;

namespace {

/// Two squares of 100 pixels, and a speck of 4.
cv::Mat two_squares_and_a_speck() {
  cv::Mat mask(60, 80, CV_8UC1, cv::Scalar(0));
  mask(cv::Rect(5, 5, 10, 10)).setTo(255);
  mask(cv::Rect(40, 30, 10, 10)).setTo(255);
  mask(cv::Rect(70, 50, 2, 2)).setTo(255);
  return mask;
}

TEST(ObjectCounterTest, CountsWhatIsLargeEnough) {
  BlockHarness<ObjectCounter> sut;
  sut.put<Gray8>("mask", two_squares_and_a_speck());
  sut.set("min_area", 5);
  sut.step();
  EXPECT_EQ(**sut.take<Number>("count"), 2);
  sut.set("min_area", 1);
  sut.put<Gray8>("mask", two_squares_and_a_speck());
  sut.step();
  EXPECT_EQ(**sut.take<Number>("count"), 3);
}

TEST(ObjectCounterTest, BothOutputsCarryTheStampOfTheMask) {
  using namespace std::chrono_literals;
  BlockHarness<ObjectCounter> sut;
  sut.put<Gray8>("mask", two_squares_and_a_speck(), 120ms);
  sut.step();
  EXPECT_EQ(sut.take<Bgr8>("marked")->stamp(), 120ms);
  EXPECT_EQ(sut.take<Number>("count")->stamp(), 120ms);
}

TEST(ObjectCounterTest, AnEmptyMaskIsShownAsItIs) {
  BlockHarness<ObjectCounter> sut;
  sut.put<Gray8>("mask", cv::Mat(6, 8, CV_8UC1, cv::Scalar(0)));
  sut.step();
  EXPECT_EQ(**sut.take<Number>("count"), 0);
  EXPECT_THAT(**sut.take<Bgr8>("marked"),
              EqualsPicture(cv::Mat(6, 8, CV_8UC3, cv::Scalar::all(0))));
}

}  // namespace
