#include "plugins/vision/color_filter.cpp"

#include <gtest/gtest.h>

#include "vcengine/harness.hpp"

namespace vcengine::vision {
namespace {

const cv::Vec3b kBlue(255, 0, 0), kGreen(0, 255, 0), kRed(0, 0, 255), kPink(128, 0, 255),
    kGray(90, 90, 90), kBlack(0, 0, 0);

/// One pixel each: blue, green, red, pink (hue 165), gray.
cv::Mat palette() { return (cv::Mat_<cv::Vec3b>(1, 5) << kBlue, kGreen, kRed, kPink, kGray); }

cv::Mat_<cv::Vec3b> filtered_by(BlockHarness<ColorFilter>& sut) {
  sut.put<Bgr8>("image", palette());
  sut.step();
  return (**sut.take<Bgr8>("filtered")).clone();
}

}  // namespace

TEST(ColorFilterTest, KeepsEverythingByDefault) {
  BlockHarness<ColorFilter> sut;
  EXPECT_EQ(0, cv::norm(palette(), filtered_by(sut), cv::NORM_INF));
}

TEST(ColorFilterTest, KeepsARangeOfHuesAndBlackensTheRest) {
  BlockHarness<ColorFilter> sut;
  sut.set("hue_low", 50).set("hue_high", 70);
  const auto filtered = filtered_by(sut);
  EXPECT_EQ(kBlack, filtered(0));
  EXPECT_EQ(kGreen, filtered(1));
  EXPECT_EQ(kBlack, filtered(2));
}

TEST(ColorFilterTest, WrapsAroundRedWhenLowIsAboveHigh) {
  BlockHarness<ColorFilter> sut;
  sut.set("hue_low", 160).set("hue_high", 10).set("saturation_low", 1);
  const auto filtered = filtered_by(sut);
  EXPECT_EQ(kBlack, filtered(0));
  EXPECT_EQ(kBlack, filtered(1));
  EXPECT_EQ(kRed, filtered(2));
  EXPECT_EQ(kPink, filtered(3));
  EXPECT_EQ(kBlack, filtered(4));
}

TEST(ColorFilterTest, RemovesPaleAndDarkColors) {
  BlockHarness<ColorFilter> sut;
  sut.set("saturation_low", 100).set("value_low", 100);
  const auto filtered = filtered_by(sut);
  EXPECT_EQ(kBlue, filtered(0));
  EXPECT_EQ(kBlack, filtered(4));
}

// The slot of an earlier frame is filled anew: what the filter blackens must not show that frame.
TEST(ColorFilterTest, LeavesNothingOfEarlierFramesBehind) {
  BlockHarness<ColorFilter> sut;
  filtered_by(sut);
  sut.set("value_low", 255).set("hue_low", 179);
  for (int frame = 0; frame < 80; ++frame) {
    EXPECT_EQ(0, cv::norm(filtered_by(sut), cv::NORM_INF));
  }
}

}  // namespace vcengine::vision
