#include "plugins/flow/sync.cpp"

#include <gtest/gtest.h>

#include "tests/plugins/message_of.hpp"
#include "vcengine/harness.hpp"
#include "vcengine/image.hpp"

namespace vcengine::flow {
namespace {

using std::chrono::milliseconds;

}  // namespace

TEST(SyncTest, SendsEachFrameOfAMatchOnItsOwnOutput) {
  BlockHarness<Sync> sut;
  const cv::Mat picture(48, 64, CV_8UC3, cv::Scalar(1, 2, 3));
  sut.put<Bgr8>("in_0", picture, milliseconds(40));
  sut.put<Number>("in_1", 7.0, milliseconds(40));
  sut.step();
  const auto first = sut.take<Bgr8>("out_0");
  const auto second = sut.take<Number>("out_1");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(0, cv::norm(picture, **first, cv::NORM_INF));
  EXPECT_EQ(7, **second);
  EXPECT_EQ(milliseconds(40), first->stamp());
  EXPECT_EQ(milliseconds(40), second->stamp());
}

TEST(SyncTest, SendsNothingThatHasNoPartner) {
  BlockHarness<Sync> sut;
  sut.put<Number>("in_0", 1.0, milliseconds(0));
  sut.put<Number>("in_0", 2.0, milliseconds(40));
  sut.put<Number>("in_1", 3.0, milliseconds(40));
  EXPECT_EQ(1U, sut.run());
  EXPECT_EQ(2, **sut.take<Number>("out_0"));
  EXPECT_EQ(3, **sut.take<Number>("out_1"));
  EXPECT_EQ(1U, sut.dropped_unmatched("in_0"));
}

TEST(SyncTest, TakesAsManyInputsAsAskedFor) {
  BlockHarness<Sync> sut;
  sut.set("inputs", 16);
  for (int i = 0; i < 16; ++i) sut.put<Number>("in_" + std::to_string(i), i);
  EXPECT_TRUE(sut.step());
  for (int i = 0; i < 16; ++i) EXPECT_EQ(i, **sut.take<Number>("out_" + std::to_string(i)));
}

TEST(SyncTest, AnInputThatIsMissingLeavesItsOutputSilent) {
  BlockHarness<Sync> sut;
  sut.set("inputs", 3).leave_unwired("in_1");
  sut.put<Number>("in_0", 1.0);
  sut.put<Number>("in_2", 3.0);
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(1, **sut.take<Number>("out_0"));
  EXPECT_FALSE(sut.take_frame("out_1"));
  EXPECT_EQ(3, **sut.take<Number>("out_2"));
}

TEST(SyncTest, SendsWhatIsThereOfAPartialMatch) {
  BlockHarness<Sync> sut;
  sut.set_sync({.partial = true});
  sut.put<Number>("in_0", 1.0, milliseconds(0));
  sut.put<Number>("in_1", 2.0, milliseconds(40));
  sut.end("in_0");
  EXPECT_EQ(2U, sut.run());
  EXPECT_EQ(milliseconds(0), sut.take<Number>("out_0")->stamp());
  EXPECT_FALSE(sut.take_frame("out_0"));
  EXPECT_EQ(milliseconds(40), sut.take<Number>("out_1")->stamp());
}

TEST(SyncTest, FramesThatAreNearLeaveWithOneStamp) {
  BlockHarness<Sync> sut;
  sut.set_sync({.tolerance = milliseconds(15)});
  sut.put<Number>("in_0", 1.0, milliseconds(33));
  sut.put<Number>("in_1", 2.0, milliseconds(40));
  sut.end("in_0");
  EXPECT_EQ(1U, sut.run());
  EXPECT_EQ(milliseconds(33), sut.take<Number>("out_0")->stamp());
  EXPECT_EQ(milliseconds(33), sut.take<Number>("out_1")->stamp());
}

TEST(SyncTest, EndsAtOnceIfNothingIsWired) {
  BlockHarness<Sync> sut;
  sut.leave_unwired("in_0").leave_unwired("in_1");
  sut.step();
  EXPECT_TRUE(sut.finished());
}

TEST(SyncTest, RefusesFewerThanTwoInputsAndMoreThanSixteen) {
  for (const int count : {1, 17}) {
    BlockHarness<Sync> sut;
    const auto message = test::message_of([&] { sut.set("inputs", count); });
    EXPECT_EQ(0U, message.find("'inputs' must be in [2, 16], not " + std::to_string(count)))
        << message;
  }
}

}  // namespace vcengine::flow
