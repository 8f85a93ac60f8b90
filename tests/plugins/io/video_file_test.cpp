#include "plugins/io/video_file.cpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/plugins/matroska.hpp"
#include "tests/plugins/message_of.hpp"
#include "tests/plugins/temp_folder.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::io {
namespace {

using std::chrono::milliseconds;
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

  std::string write_video_of(const std::vector<int>& times) {
    auto file = folder_ / "video.mkv";
    test::MatroskaVideo video;
    int value = 0;
    for (const int time : times) {
      video.add(milliseconds(time), cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(value)));
      value += 10;
    }
    video.write(file);
    return file;
  }

  std::vector<Stamp> stamps(std::size_t count) {
    std::vector<Stamp> stamps;
    while (stamps.size() < count && sut.step()) {
      const auto frame = sut.take<Bgr8>("frames");
      if (frame) stamps.push_back(frame->stamp());
    }
    return stamps;
  }

  test::TempFolder folder_;
  BlockHarness<VideoFile> sut;
};

/// Stamps and mean values of the first frames of a file, by a process that dies after each
/// `lives`th; 0: never.
std::vector<std::pair<Stamp, int>> frames_of(const std::string& file, int lives, bool loop = false,
                                             std::size_t most = 30) {
  BlockHarness<VideoFile> sut;
  sut.set("path", file).set("loop", loop);
  std::vector<std::pair<Stamp, int>> frames;
  while (frames.size() < most && sut.step()) {
    const auto frame = sut.take<Bgr8>("frames");
    if (!frame) continue;
    frames.emplace_back(frame->stamp(), cvRound(cv::mean(**frame)[0]));
    if (lives != 0 && frames.size() % static_cast<std::size_t>(lives) == 0) sut.restart();
  }
  return frames;
}

std::vector<Stamp> in_ms(const std::vector<int>& numbers) {
  std::vector<Stamp> stamps;
  for (const int number : numbers) stamps.push_back(milliseconds(number));
  return stamps;
}

}  // namespace

TEST_F(VideoFileTest, StampsAFileOfVariableRateWithItsPositions) {
  const std::vector<int> times = {0, 100, 150, 400, 433, 467, 1000, 1010};
  sut.set("path", write_video_of(times));
  EXPECT_EQ(in_ms(times), stamps(100));
}

TEST_F(VideoFileTest, StampsCountFromTheFirstFrameOfAFileThatBeginsLate) {
  sut.set("path", write_video_of({5000, 5100, 5150, 5400}));
  EXPECT_EQ(in_ms({0, 100, 150, 400}), stamps(100));
}

TEST_F(VideoFileTest, ALoopOfAFileOfVariableRateGoesOnAtItsLastStep) {
  sut.set("path", write_video_of({0, 100, 150})).set("loop", true);
  EXPECT_EQ(in_ms({0, 100, 150, 200, 300, 350, 400, 500}), stamps(8));
}

TEST_F(VideoFileTest, FramesThatTheDecoderHoldsBackHaveTheirPlaceToo) {
  const auto file =
      folder_ / "video.avi";  // with H.264: decoding times, and none for the last ones
  cv::VideoWriter writer(file, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('H', '2', '6', '4'), 10,
                         {64, 48});
  if (!writer.isOpened()) GTEST_SKIP() << "this FFmpeg cannot write H.264";
  for (int i = 0; i < 5; ++i) writer.write(cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(10 * i)));
  writer.release();
  sut.set("path", file);
  EXPECT_EQ(in_ms({0, 100, 200, 300, 400}), stamps(100));
}

TEST_F(VideoFileTest, FramesOutOfOrderNeverStopTimeOrTurnItBack) {
  sut.set("path", write_video_of({0, 40, 80, 40, 120, 160}));
  auto expected = in_ms({0, 40, 80, 80, 120, 160});
  expected[3] += Stamp{1};
  EXPECT_EQ(expected, stamps(100));
}

TEST_F(VideoFileTest, AFileThatBeginsAgainInTheMiddleGoesOn) {
  sut.set("path", write_video_of({0, 500, 1000, 1500, 2000, 0, 500, 1000}));
  EXPECT_EQ(in_ms({0, 500, 1000, 1500, 2000, 2500, 3000, 3500}), stamps(100));
}

TEST_F(VideoFileTest, StampsOfAFileOfOneRateAreExactThoughItsPositionsAreWholeMilliseconds) {
  sut.set("path", write_video_of({0, 33, 67, 100, 133, 167, 200, 234, 267, 300, 334, 367, 400}));
  const auto exact = FrameRate(30000.0 / 1001);
  std::vector<Stamp> expected;
  for (int i = 0; i <= 12; ++i) expected.push_back(exact.stamp_of(i));
  EXPECT_EQ(expected, stamps(100));
}

TEST_F(VideoFileTest, PlaysAtItsOwnPaceInACircuitThatIsNotPacedIfAskedTo) {
  sut.set("path", write_video_of({0, 100, 400})).set("pace", "on");
  std::vector<Stamp> times;
  while (sut.step()) times.push_back(sut.now());
  EXPECT_EQ(in_ms({0, 100, 400}), times);
}

TEST_F(VideoFileTest, UnderAMediaClockNothingIsWaitedFor) {
  sut.set_clock(ClockKind::media);
  sut.set("path", write_video_of({0, 100, 400})).set("pace", "on");
  EXPECT_EQ(in_ms({0, 100, 400}), stamps(100));
  EXPECT_EQ(Stamp{0}, sut.now());
}

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

TEST_F(VideoFileTest, ItsSuccessorGoesOnWithTheNextFrame) {
  const auto file = write_video(12);
  const auto whole = frames_of(file, 0);
  ASSERT_EQ(12U, whole.size());
  for (const int lives : {1, 2, 5, 11, 12}) EXPECT_EQ(whole, frames_of(file, lives)) << lives;
}

TEST_F(VideoFileTest, ItsSuccessorGoesOnInWhateverOrderAndRateTheFilesPositionsAre) {
  const std::vector<std::vector<int>> files = {{0, 100, 150, 400, 433, 467, 1000, 1010},
                                               {5000, 5100, 5150, 5400, 5900},
                                               {0, 40, 80, 40, 120, 160},
                                               {0, 80, 80, 80, 120, 160},
                                               {0, 500, 1000, 500, 500, 1000},
                                               {0, 500, 1000, 1500, 2000, 0, 500, 1000}};
  for (const auto& times : files) {
    const auto file = write_video_of(times);
    const auto whole = frames_of(file, 0);
    ASSERT_EQ(times.size(), whole.size());
    for (const int lives : {1, 2, 3, 5}) {
      EXPECT_EQ(whole, frames_of(file, lives)) << times[1] << " " << lives;
    }
  }
}

TEST_F(VideoFileTest, ItsSuccessorGoesOnInALoop) {
  const auto file = write_video(4);
  const auto whole = frames_of(file, 0, true);
  ASSERT_EQ(30U, whole.size());
  for (const int lives : {1, 3, 4, 7}) EXPECT_EQ(whole, frames_of(file, lives, true)) << lives;
}

TEST_F(VideoFileTest, ItsSuccessorSendsNoFrameTwiceAfterOneThatCouldNotBeSent) {
  sut.set("path", write_video(6));
  sut.step();
  sut.step();
  sut.fail_loans("frames");
  EXPECT_THROW(sut.step(), FrameError);
  sut.step();
  sut.restart();
  sut.run();
  for (const int number : {0, 1, 3, 4, 5}) {
    const auto frame = sut.take<Bgr8>("frames");
    ASSERT_TRUE(frame);
    EXPECT_EQ(milliseconds(100 * number), frame->stamp());
    EXPECT_NEAR(10 * number, cv::mean(**frame)[0], 3);
  }
  EXPECT_FALSE(sut.take<Bgr8>("frames"));
}

TEST_F(VideoFileTest, AFileThatBecameShorterMeanwhileIsAnError) {
  sut.set("path", write_video(6));
  for (int i = 0; i < 5; ++i) sut.step();
  sut.restart();
  write_video(3);
  EXPECT_NE(std::string::npos,
            message_of([&] { sut.step(); }).find("has become shorter than 5 frames"));
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

TEST(FrameTimesTest, AreExactWherePositionsAreRounded) {
  FrameTimes sut(30000.0 / 1001);
  const FrameRate rate(30000.0 / 1001);
  for (std::int64_t i = 0; i < 300'000; ++i) {
    const auto exact = rate.stamp_of(i);
    ASSERT_EQ(exact, sut.next(std::chrono::round<milliseconds>(exact))) << i;
  }
}

TEST(FrameTimesTest, AreExactAfterAGapToo) {
  FrameTimes sut(30000.0 / 1001);
  const FrameRate rate(30000.0 / 1001);
  sut.next(Stamp{0});
  EXPECT_EQ(rate.stamp_of(1), sut.next(milliseconds(33)));
  EXPECT_EQ(rate.stamp_of(10), sut.next(milliseconds(334)));
  EXPECT_EQ(rate.stamp_of(11), sut.next(milliseconds(367)));
}

TEST(FrameTimesTest, GoOnAtTheRateWhereTheFileSaysNothing) {
  FrameTimes sut(30000.0 / 1001);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(FrameRate(30000.0 / 1001).stamp_of(i), sut.next(std::nullopt));
  }
}

TEST(FrameTimesTest, CountFromTheFirstFrameWhereTheDecoderHoldsSomeBack) {
  FrameTimes sut(10);
  EXPECT_EQ(milliseconds(0), sut.next(milliseconds(200)));
  EXPECT_EQ(milliseconds(100), sut.next(milliseconds(300)));
  EXPECT_EQ(milliseconds(200), sut.next(std::nullopt));
  EXPECT_EQ(milliseconds(300), sut.next(std::nullopt));
}

TEST(FrameTimesTest, AFirstFrameBeforeTheBeginningOfTheFileStandsAtItsBeginning) {
  FrameTimes sut(25);
  EXPECT_EQ(milliseconds(0), sut.next(milliseconds(-80)));
  EXPECT_EQ(milliseconds(40), sut.next(milliseconds(40)));
}

TEST(FrameTimesTest, FollowAClockThatIsNotQuiteTheRateOfTheHeader) {
  FrameTimes sut(30);  // but 29.9 it is
  Stamp last{-1};
  for (int i = 0; i < 10'000; ++i) {
    const auto position = FrameRate(29.9).stamp_of(i);
    const auto stamp = sut.next(position);
    ASSERT_LE(std::chrono::abs(stamp - position), milliseconds(1)) << i;
    ASSERT_GT(stamp, last) << i;
    last = stamp;
  }
}

}  // namespace vcengine::io
