#include "plugins/vision/overlay.cpp"

#include <gtest/gtest.h>

#include "tests/plugins/message_of.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::vision {
namespace {

const cv::Size kSize(8, 6);

cv::Mat plain(double value) { return {kSize, CV_8UC3, cv::Scalar::all(value)}; }

}  // namespace

TEST(OverlayTest, PaintsAMaskInTheColorAskedFor) {
  cv::Mat mask(kSize, CV_8UC1, cv::Scalar(0));
  mask.at<uchar>(2, 3) = 255;
  BlockHarness<Overlay> sut;
  sut.set("red", 1).set("green", 2).set("blue", 3);
  sut.put<Bgr8>("image", plain(50));
  sut.put<Image>("over", mask);
  sut.step();
  const auto overlaid = sut.take<Bgr8>("overlaid");
  ASSERT_TRUE(overlaid);
  EXPECT_EQ(cv::Vec3b(3, 2, 1), (*overlaid)->at<cv::Vec3b>(2, 3));
  EXPECT_EQ(cv::Vec3b(50, 50, 50), (*overlaid)->at<cv::Vec3b>(0, 0));
}

TEST(OverlayTest, BlendsASecondPictureByAlpha) {
  BlockHarness<Overlay> sut;
  sut.set("alpha", 0.25);
  sut.put<Bgr8>("image", plain(100));
  sut.put<Image>("over", plain(200));
  sut.step();
  EXPECT_EQ(0, cv::norm(plain(125), **sut.take<Bgr8>("overlaid"), cv::NORM_INF));
}

TEST(OverlayTest, JoinsFramesOfOneStampOnly) {
  BlockHarness<Overlay> sut;
  const Stamp lonely{0}, common{40};
  sut.put<Bgr8>("image", plain(1), lonely);
  sut.put<Bgr8>("image", plain(2), common);
  sut.put<Image>("over", plain(2), common);
  EXPECT_EQ(1U, sut.run());
  EXPECT_EQ(common, sut.take<Bgr8>("overlaid")->stamp());
  EXPECT_EQ(1U, sut.dropped_unmatched("image"));
}

TEST(OverlayTest, SaysBothSizesWhenTheyDiffer) {
  BlockHarness<Overlay> sut;
  sut.put<Bgr8>("image", plain(1));
  sut.put<Image>("over", cv::Mat(5, 7, CV_8UC1, cv::Scalar(0)));
  EXPECT_EQ("'image' is 8x6 but 'over' is 7x5; both must have one size",
            test::message_of([&] { sut.step(); }));
  EXPECT_FALSE(sut.take<Bgr8>("overlaid"));
}

TEST(OverlayTest, RefusesAPictureThatIsNeitherMaskNorColor) {
  BlockHarness<Overlay> sut;
  sut.put<Bgr8>("image", plain(1));
  sut.put<Image>("over", cv::Mat(kSize, CV_32FC1, cv::Scalar(0)));
  EXPECT_NE(std::string::npos, test::message_of([&] { sut.step(); }).find("image 32FC1"));
}

}  // namespace vcengine::vision
