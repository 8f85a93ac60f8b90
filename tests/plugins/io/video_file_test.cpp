#include "plugins/io/video_file.cpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/plugins/message_of.hpp"
#include "tests/plugins/temp_folder.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::io {
namespace {

using test::message_of;

class VideoFileTest : public testing::Test {
 protected:
  std::string write_video(int frames, double rate = 10) {
    auto file = folder_ / "video.avi";
    cv::VideoWriter writer(file, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), rate,
                           {64, 48});
    for (int i = 0; i < frames; ++i) {
      writer.write(cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(10 * i)));
    }
    return file;
  }

  test::TempFolder folder_;
  BlockHarness<VideoFile> sut;
};

}  // namespace

TEST_F(VideoFileTest, GivesEachFrameWithItsPositionAndEnds) {
  sut.set("path", write_video(4));
  for (int i = 0; i < 4; ++i) {
    sut.step();
    const auto frame = sut.take<Bgr8>("frames");
    ASSERT_TRUE(frame);
    EXPECT_NEAR(10 * i, cv::mean(**frame)[0], 3);
    EXPECT_EQ(std::chrono::milliseconds(100 * i), frame->stamp());
  }
  EXPECT_FALSE(sut.step());
  EXPECT_TRUE(sut.finished());
}

TEST_F(VideoFileTest, GivesWhatOpenCvReads) {
  const auto file = write_video(20);
  cv::VideoCapture plain(file, cv::CAP_FFMPEG);
  sut.set("path", file);
  cv::Mat expected;
  while (plain.read(expected)) {
    sut.step();
    EXPECT_EQ(0, cv::norm(expected, **sut.take<Bgr8>("frames"), cv::NORM_INF));
  }
}

TEST_F(VideoFileTest, ALoopBeginsAgainWithGrowingStamps) {
  sut.set("path", write_video(2)).set("loop", true);
  for (int i = 0; i < 7; ++i) {
    sut.step();
    const auto frame = sut.take<Bgr8>("frames");
    ASSERT_TRUE(frame);
    EXPECT_NEAR(10 * (i % 2), cv::mean(**frame)[0], 3);
    EXPECT_EQ(std::chrono::milliseconds(100 * i), frame->stamp());
  }
}

TEST_F(VideoFileTest, WarnsOnceWithNumbersOfATruncatedFileAndEndsNormally) {
  const auto file = write_video(50);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  sut.set("path", file);
  testing::internal::CaptureStderr();
  const auto frames = sut.run();
  EXPECT_TRUE(sut.finished());
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_GT(frames, 10U);
  EXPECT_LT(frames, 40U);
  const auto warning = "'" + file + "' promises 50 frames but only " + std::to_string(frames) +
                       " could be read: it is truncated, or its header only estimates";
  EXPECT_NE(std::string::npos, log.find(warning)) << log;
  EXPECT_EQ(log.find("promises"), log.rfind("promises"));
}

TEST_F(VideoFileTest, SaysNothingOfAWholeFile) {
  sut.set("path", write_video(5));
  testing::internal::CaptureStderr();
  sut.run();
  EXPECT_EQ("", testing::internal::GetCapturedStderr());
}

TEST_F(VideoFileTest, SaysWhatIsWrongWithThePath) {
  EXPECT_EQ("'path' is empty; it names the video to read", message_of([&] { sut.step(); }));

  sut.set("path", folder_ / "none.avi");
  EXPECT_EQ("no such file: '" + (folder_ / "none.avi") + "'", message_of([&] { sut.step(); }));

  sut.set("path", folder_.path().string());
  EXPECT_EQ(
      "'" + folder_.path().string() + "' is a folder; io.image_file reads folders of pictures",
      message_of([&] { sut.step(); }));

  for (const std::string content : {"", "no video\n"}) {
    std::ofstream(folder_ / "text.avi") << content;
    sut.set("path", folder_ / "text.avi");
    EXPECT_EQ("'" + (folder_ / "text.avi") + "' is no video that FFmpeg can read",
              message_of([&] { sut.step(); }));
  }
}

TEST_F(VideoFileTest, AVideoWithoutAnyPictureIsAnError) {
  const auto file = write_video(3);
  const auto header_only = 5700U;  // of this container and OpenCV's writer: pictures begin after it
  std::filesystem::resize_file(
      file, std::min<std::uintmax_t>(header_only, std::filesystem::file_size(file)));
  sut.set("path", file);
  EXPECT_NE("", message_of([&] { sut.step(); }));
}

TEST(FrameRateTest, FindsTheFractionBehindTheDouble) {
  const FrameRate ntsc(30000.0 / 1001);
  EXPECT_EQ(Stamp{33'366'666}, ntsc.stamp_of(1));
  EXPECT_EQ(std::chrono::seconds(1001), ntsc.stamp_of(30000));
  EXPECT_EQ(std::chrono::seconds(100), FrameRate(29.97).stamp_of(2997));
  EXPECT_EQ(std::chrono::milliseconds(79400), FrameRate(10).stamp_of(794));
}

TEST(FrameRateTest, StaysExactAfterAYearOfFrames) {
  const std::int64_t year = 365LL * 86400;
  EXPECT_EQ(std::chrono::seconds(year), FrameRate(60).stamp_of(60 * year));
  EXPECT_EQ(std::chrono::seconds(1001 * 31500),
            FrameRate(60000.0 / 1001).stamp_of(60000LL * 31500));
}

TEST(FrameRateTest, SlowRatesAreRatesToo) {
  EXPECT_EQ(std::chrono::seconds(100), FrameRate(0.01).stamp_of(1));
  EXPECT_GT(FrameRate(0.0001).stamp_of(1), std::chrono::seconds(100));
}

}  // namespace vcengine::io
