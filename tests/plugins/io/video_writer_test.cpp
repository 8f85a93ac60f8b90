#include "plugins/io/video_writer.cpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/plugins/message_of.hpp"
#include "tests/plugins/temp_folder.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::io {
namespace {

using std::chrono::milliseconds;
using test::message_of;

cv::Mat noise(cv::Size size = {64, 48}, int type = CV_8UC3) {
  cv::Mat picture(size, type);
  cv::randu(picture, 0, 255);
  return picture;
}

class VideoWriterTest : public testing::Test {
 protected:
  VideoWriterTest() { sut.set("path", file_); }

  void write(const cv::Mat& picture, std::optional<Stamp> stamp = {}) {
    sut.put<Image>("image", picture, stamp);
    sut.step();
  }

  test::TempFolder folder_;
  std::string file_ = folder_ / "out.avi";
  BlockHarness<VideoWriter> sut;
};

}  // namespace

TEST_F(VideoWriterTest, WritesEveryFrameAtTheRateThatTheStampsTell) {
  for (int i = 0; i < 5; ++i) write(noise(), milliseconds(100 * i));
  sut.stop();
  cv::VideoCapture written(file_);
  EXPECT_EQ(5, written.get(cv::CAP_PROP_FRAME_COUNT));
  EXPECT_DOUBLE_EQ(10, written.get(cv::CAP_PROP_FPS));
}

TEST_F(VideoWriterTest, ObeysTheRateAskedFor) {
  sut.set("fps", 50.0);
  write(noise());
  write(noise());
  sut.stop();
  EXPECT_DOUBLE_EQ(50, cv::VideoCapture(file_).get(cv::CAP_PROP_FPS));
}

TEST_F(VideoWriterTest, WritesASingleFrameToo) {
  write(noise());
  sut.stop();
  EXPECT_EQ(1, cv::VideoCapture(file_).get(cv::CAP_PROP_FRAME_COUNT));
}

TEST_F(VideoWriterTest, LeavesNoFileBehindWithoutAFrame) {
  sut.step();
  sut.stop();
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(VideoWriterTest, WritesGrayPictures) {
  for (int i = 0; i < 3; ++i) write(cv::Mat(48, 64, CV_8UC1, cv::Scalar(200)));
  sut.stop();
  cv::Mat read;
  cv::VideoCapture(file_).read(read);
  EXPECT_NEAR(200, cv::mean(read)[1], 3);
}

TEST_F(VideoWriterTest, CreatesTheFolder) {
  sut.set("path", folder_ / "new folder/out.avi");
  write(noise());
  sut.stop();
  EXPECT_TRUE(std::filesystem::exists(folder_ / "new folder/out.avi"));
}

TEST_F(VideoWriterTest, RefusesAFrameOfAnotherSizeAndGoesOn) {
  sut.set("fps", 10.0);
  write(noise());
  EXPECT_EQ("the video '" + file_ +
                "' has frames of 64x48 image 8UC3; one of 32x24 image 8UC3 cannot follow",
            message_of([&] {
              write(noise({32, 24}));
            }));
  write(noise());
  sut.stop();
  EXPECT_EQ(2, cv::VideoCapture(file_).get(cv::CAP_PROP_FRAME_COUNT));
}

TEST_F(VideoWriterTest, RefusesPicturesThatNoVideoHolds) {
  EXPECT_EQ("a video holds image 8UC1 or 8UC3, not image 32FC1",
            message_of([&] { write(cv::Mat(48, 64, CV_32FC1, cv::Scalar(0))); }));
}

TEST_F(VideoWriterTest, SaysBeforeTheFirstFrameThatACodecOrFolderCannotWork) {
  sut.set("codec", "ABCD");
  EXPECT_EQ(0U,
            message_of([&] { sut.step(); }).find("cannot write '" + file_ + "' with codec ABCD"));

  sut.set("codec", "MJPEG");
  EXPECT_EQ("'codec' has four letters (MJPG, mp4v), not 'MJPEG'", message_of([&] { sut.step(); }));

  sut.set("codec", "MJPG").set("path", "/proc/out.avi");
  EXPECT_EQ(0U, message_of([&] { sut.step(); }).find("cannot write '/proc/out.avi'"));
}

// FFmpeg's writer reports no error, so a run on a full disk seemed to succeed. To a writer a limit
// of the file's size looks the same.
TEST_F(VideoWriterTest, NoticesAFullDisk) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{100'000, before.rlim_max};

  write(noise({160, 120}));  // wires the harness, whose memory the limit would forbid too
  ::setrlimit(RLIMIT_FSIZE, &small);
  for (int i = 1; i < 100; ++i) write(noise({160, 120}));
  const auto message = message_of([&] { sut.stop(); });
  ::setrlimit(RLIMIT_FSIZE, &before);

  EXPECT_EQ(0U, message.find("'" + file_ + "' is incomplete: 100 frames were written, "))
      << message;
  EXPECT_NE(std::string::npos, message.find("is the disk full?"));
}

}  // namespace vcengine::io
