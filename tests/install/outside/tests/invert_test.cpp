#include "invert.cpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vcengine/harness.hpp>
#include <vcengine/picture_matchers.hpp>

TEST(InvertTest, BlackBecomesWhite) {
  vcengine::BlockHarness<Invert> sut;
  sut.put<vcengine::Bgr8>("image", cv::Mat(4, 6, CV_8UC3, cv::Scalar::all(0)));
  sut.step();
  const cv::Mat white(4, 6, CV_8UC1, cv::Scalar(255));
  EXPECT_THAT(**sut.take<vcengine::Gray8>("inverted"), vcengine::EqualsPicture(white));
}
