#include "invert.cpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vcengine/harness.hpp>

TEST(InvertTest, BlackBecomesWhite) {
  vcengine::BlockHarness<Invert> sut;
  sut.put<vcengine::Bgr8>("image", cv::Mat(4, 6, CV_8UC3, cv::Scalar::all(0)));
  sut.step();
  const auto inverted = sut.take<vcengine::Gray8>("inverted");
  ASSERT_TRUE(inverted);
  EXPECT_THAT((*inverted)->size(), testing::Eq(cv::Size(6, 4)));
  EXPECT_EQ(24, cv::countNonZero(**inverted == 255));
}
