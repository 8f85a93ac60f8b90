#include "plugins/io/test_pattern.cpp"

#include <gtest/gtest.h>

#include "tests/plugins/pattern_number.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::io {

TEST(TestPatternTest, EachPictureCarriesItsNumber) {
  BlockHarness<TestPattern> sut;
  for (std::uint32_t number = 0; number < 40; ++number) {
    sut.step();
    EXPECT_EQ(number, test::pattern_number(**sut.take<Bgr8>("frames")));
  }
}

TEST(TestPatternTest, CanBeReadAtAnySize) {
  BlockHarness<TestPattern> sut;
  std::uint32_t number = 0;
  for (const auto size : {cv::Size(64, 48), cv::Size(65, 2000), cv::Size(1920, 1080)}) {
    sut.set("width", size.width).set("height", size.height);
    sut.step();
    const auto frame = sut.take<Bgr8>("frames");
    EXPECT_EQ(size, (*frame)->size());
    EXPECT_EQ(number++, test::pattern_number(**frame));
  }
}

TEST(TestPatternTest, APictureTornBetweenTwoFramesShows) {
  BlockHarness<TestPattern> sut;
  sut.step();
  sut.step();
  cv::Mat torn = (**sut.take<Bgr8>("frames")).clone();
  const auto next = sut.take<Bgr8>("frames");
  (*next)->rowRange(torn.rows / 2, torn.rows).copyTo(torn.rowRange(torn.rows / 2, torn.rows));
  EXPECT_FALSE(test::pattern_number(torn));
  EXPECT_FALSE(test::pattern_number(cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(0))));
}

TEST(TestPatternTest, StampsGrowExactlyByTheRate) {
  BlockHarness<TestPattern> sut;
  sut.set("rate", 3.0);
  for (const auto expected : {0LL, 333'333'333LL, 666'666'667LL, 1'000'000'000LL}) {
    sut.step();
    EXPECT_EQ(Stamp{expected}, sut.take<Bgr8>("frames")->stamp());
  }
}

TEST(TestPatternTest, ARateThatIsChangedWhileItRunsDoesNotTurnTimeBack) {
  BlockHarness<TestPattern> sut;
  sut.set("rate", 1.0);
  sut.step();
  sut.step();
  sut.set("rate", 4.0);
  sut.step();
  sut.step();
  for (const auto expected : {0, 1000, 1250, 1500}) {
    EXPECT_EQ(std::chrono::milliseconds(expected), sut.take<Bgr8>("frames")->stamp());
  }
}

TEST(TestPatternTest, EndsAfterAsManyFramesAsAskedFor) {
  BlockHarness<TestPattern> sut;
  sut.set("frames", 3);
  EXPECT_EQ(3U, sut.run());
  EXPECT_TRUE(sut.finished());
}

TEST(TestPatternTest, Moves) {
  BlockHarness<TestPattern> sut;
  sut.step();
  sut.step();
  const auto first = sut.take<Bgr8>("frames");
  const auto second = sut.take<Bgr8>("frames");
  const auto middle =
      cv::Range((*first)->rows * 3 / 5, (*first)->rows * 4 / 5);  // between the squares
  EXPECT_GT(cv::norm((*first)->rowRange(middle), (*second)->rowRange(middle), cv::NORM_INF), 0);
}

TEST(TestPatternTest, ItsSuccessorGoesOnWithTheNextFrameAndEndsWhereItWouldHave) {
  BlockHarness<TestPattern> sut;
  sut.set("rate", 10.0).set("frames", 4);
  for (std::uint32_t number = 0; number < 4; ++number) {
    ASSERT_TRUE(sut.step());
    const auto frame = sut.take<Bgr8>("frames");
    EXPECT_EQ(number, test::pattern_number(**frame));
    EXPECT_EQ(std::chrono::milliseconds(100 * number), frame->stamp());
    sut.restart();
  }
  sut.run();
  EXPECT_FALSE(sut.take<Bgr8>("frames"));
  EXPECT_TRUE(sut.finished());
}

TEST(TestPatternTest, AFrameThatCannotBeSentIsBehindItsSuccessorToo) {
  BlockHarness<TestPattern> sut;
  sut.step();
  sut.fail_loans("frames");
  EXPECT_THROW(sut.step(), FrameError);
  sut.step();
  sut.restart();
  sut.step();
  for (const std::uint32_t number : {0U, 2U, 3U}) {
    EXPECT_EQ(number, test::pattern_number(**sut.take<Bgr8>("frames")));
  }
}

}  // namespace vcengine::io
