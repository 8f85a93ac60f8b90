#include "vcengine/picture_matchers.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <limits>

#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

using testing::Not;

cv::Mat gray(int value, cv::Size size = {6, 4}) {
  return cv::Mat(size, CV_8UC1, cv::Scalar(value));
}

/// Sends what a mismatch writes to a folder of the test.
class PictureMatchersTest : public testing::Test {
 protected:
  PictureMatchersTest() { ::setenv("VCENGINE_TEST_PICTURES", folder_.path().c_str(), 1); }
  ~PictureMatchersTest() override { ::unsetenv("VCENGINE_TEST_PICTURES"); }

  template <class Matcher>
  std::string explanation(const cv::Mat& actual, const Matcher& matcher) {
    testing::StringMatchResultListener listener;
    EXPECT_FALSE(matcher.MatchAndExplain(actual, &listener));
    return listener.str();
  }
  /// The only file of a kind.
  cv::Mat written(const std::string& kind) {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      const auto name = entry.path().filename().string();
      if (name.ends_with("." + kind + ".png"))
        return cv::imread(entry.path(), cv::IMREAD_UNCHANGED);
    }
    return {};
  }
  bool wrote_nothing() { return std::filesystem::is_empty(folder_.path()); }

  TemporaryFolder folder_;
};

TEST_F(PictureMatchersTest, EqualPicturesMatchAndWriteNothing) {
  EXPECT_THAT(gray(9), EqualsPicture(gray(9)));
  EXPECT_THAT(cv::Mat(), EqualsPicture(cv::Mat()));
  EXPECT_THAT(gray(9), Not(EqualsPicture(gray(8))));
  EXPECT_TRUE(wrote_nothing());
}

TEST_F(PictureMatchersTest, APartOfALargerPictureIsComparedAsItIs) {
  cv::Mat large = gray(1, {20, 20});
  large(cv::Rect(3, 3, 6, 4)).setTo(9);
  EXPECT_THAT(large(cv::Rect(3, 3, 6, 4)), EqualsPicture(gray(9)));
}

TEST_F(PictureMatchersTest, AMismatchSaysWhereAndWritesThreePictures) {
  auto actual = gray(9);
  actual.at<uchar>(2, 5) = 19;
  const auto said = explanation(actual, EqualsPicture(gray(9)));
  EXPECT_NE(said.find("differs in 1 of 24 pixels, by up to 10 (at x 5, y 2)"), said.npos) << said;
  EXPECT_EQ(cv::norm(written("actual"), actual, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(written("expected"), gray(9), cv::NORM_INF), 0);
  EXPECT_EQ(written("difference").at<uchar>(2, 5), 255) << "stretched, to be seen";
  EXPECT_NE(said.find(folder_.path().string()), said.npos);
}

TEST_F(PictureMatchersTest, OtherSizesAndTypesAreNamed) {
  EXPECT_NE(explanation(gray(9, {6, 5}), EqualsPicture(gray(9))).find("which is of 6x5 CV_8UC1"),
            std::string::npos);
  EXPECT_THAT(cv::Mat(4, 6, CV_8UC3, cv::Scalar::all(9)), Not(NearPicture(gray(9), 255)));
  EXPECT_THAT(cv::Mat(), Not(HasPsnr(gray(9), 0)));
}

TEST_F(PictureMatchersTest, APictureIsShownByItsFormat) {
  EXPECT_EQ(testing::PrintToString(gray(9)), "a picture of 6x4 CV_8UC1");
}

TEST_F(PictureMatchersTest, NearAllowsTheToleranceAndNoMore) {
  EXPECT_THAT(gray(12), NearPicture(gray(9), 3));
  EXPECT_THAT(gray(6), NearPicture(gray(9), 3));
  EXPECT_THAT(gray(13), Not(NearPicture(gray(9), 3)));
}

TEST_F(PictureMatchersTest, NotANumberIsNearNothing) {
  const cv::Mat zeros(2, 2, CV_32FC1, cv::Scalar(0));
  auto actual = zeros.clone();
  actual.at<float>(0, 1) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(actual, Not(NearPicture(zeros, 1e9)));
}

TEST_F(PictureMatchersTest, PsnrIsMeasuredAgainstThePeakOfTheType) {
  // An error of one everywhere: 20 log10(255) = 48.1 dB
  EXPECT_THAT(gray(10), HasPsnr(gray(9), 48));
  EXPECT_THAT(gray(10), Not(HasPsnr(gray(9), 49)));
  const cv::Mat deep(4, 6, CV_16UC1, cv::Scalar(900));
  EXPECT_THAT(deep + 1, HasPsnr(deep, 96)) << "20 log10(65535) = 96.3 dB";
  EXPECT_THAT(gray(9), HasPsnr(gray(9), 300)) << "no difference at all";
}

TEST_F(PictureMatchersTest, PicturesThatPngCannotHoldAreStretched) {
  cv::Mat expected(4, 6, CV_32FC2, cv::Scalar(0.0, 1.0));
  explanation(expected + 1, EqualsPicture(expected));
  EXPECT_FALSE(written("actual").empty());
}

TEST_F(PictureMatchersTest, AFolderThatCannotBeWrittenIsSaid) {
  ::setenv("VCENGINE_TEST_PICTURES", "/dev/null/pictures", 1);
  const auto said = explanation(gray(1), EqualsPicture(gray(2)));
  EXPECT_NE(said.find("actual: cannot be written to /dev/null/pictures"), said.npos) << said;
}

}  // namespace
}  // namespace vcengine
