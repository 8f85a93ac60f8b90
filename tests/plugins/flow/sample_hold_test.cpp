#include "plugins/flow/sample_hold.cpp"

#include <gtest/gtest.h>

#include "vcengine/harness.hpp"
#include "vcengine/image.hpp"

namespace vcengine::flow {
namespace {

using std::chrono::milliseconds;

}  // namespace

TEST(SampleHoldTest, SendsNothingBeforeTheFirstValue) {
  BlockHarness<SampleHold> sut;
  sut.put<Number>("trigger", 1.0);
  EXPECT_TRUE(sut.step());
  EXPECT_FALSE(sut.take_frame("out"));
}

TEST(SampleHoldTest, SendsTheNewestValueOnEachTriggerWithTheTriggersStamp) {
  BlockHarness<SampleHold> sut;
  sut.put<Text>("value", "old", milliseconds(5));
  sut.put<Text>("value", "new", milliseconds(6));
  for (const auto stamp : {milliseconds(100), milliseconds(200)}) {
    sut.put<Number>("trigger", 1.0, stamp);
    sut.step();
    const auto sent = sut.take<Text>("out");
    ASSERT_TRUE(sent);
    EXPECT_EQ("new", **sent);
    EXPECT_EQ(stamp, sent->stamp());
  }
}

TEST(SampleHoldTest, ANewValueWaitsForATrigger) {
  BlockHarness<SampleHold> sut;
  sut.put<Number>("value", 1.0);
  EXPECT_FALSE(sut.step());
  EXPECT_FALSE(sut.take_frame("out"));
}

TEST(SampleHoldTest, HoldsPicturesAsTheyAre) {
  BlockHarness<SampleHold> sut;
  const cv::Mat picture(48, 64, CV_8UC1, cv::Scalar(7));
  sut.put<Gray8>("value", picture);
  sut.put<Bgr8>("trigger", cv::Mat(6, 8, CV_8UC3, cv::Scalar::all(0)));
  sut.step();
  const auto sent = sut.take<Gray8>("out");
  ASSERT_TRUE(sent);
  EXPECT_EQ(0, cv::norm(picture, **sent, cv::NORM_INF));
}

}  // namespace vcengine::flow
