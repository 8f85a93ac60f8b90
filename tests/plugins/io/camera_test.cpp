#include "plugins/io/camera.cpp"

#include <gtest/gtest.h>

#include "tests/plugins/message_of.hpp"
#include "tests/plugins/temp_folder.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::io {
namespace {

using test::message_of;

/// Stands for a network camera; needs no hardware.
std::string recording_in(const test::TempFolder& folder, int frames) {
  const auto file = folder / "recording.avi";
  cv::VideoWriter writer(file, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 10,
                         {64, 48});
  for (int i = 0; i < frames; ++i) writer.write(cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(10 * i)));
  return "file://" + file;
}

}  // namespace

TEST(CameraTest, SaysThatThereIsNoneAndWhichThereAre) {
  BlockHarness<Camera> sut;
  sut.set("device", "/dev/video999");
  const auto message = message_of([&] { sut.step(); });
  EXPECT_EQ(0U, message.find("no camera /dev/video999; "));
  const bool lists = message.find("there are: /dev/video") != std::string::npos;
  const bool says_none = message.find("no camera at all") != std::string::npos;
  EXPECT_NE(lists, says_none) << message;
}

TEST(CameraTest, UnderstandsANumberAsADevice) {
  BlockHarness<Camera> sut;
  sut.set("device", "999");
  EXPECT_EQ(0U, message_of([&] { sut.step(); }).find("no camera /dev/video999; "));
}

TEST(CameraTest, StampsWithTheTimeOfCaptureAlwaysGrowing) {
  const test::TempFolder folder;
  BlockHarness<Camera> sut;
  sut.set("device", recording_in(folder, 5));
  const auto before = monotonic_now();
  Stamp last = before - Stamp{1};
  for (int i = 0; i < 5; ++i) {
    sut.step();
    const auto frame = sut.take<Bgr8>("frames");
    ASSERT_TRUE(frame);
    EXPECT_GT(frame->stamp(), last);
    EXPECT_EQ(frame->stamp(), frame->header().born);
    last = frame->stamp();
  }
  EXPECT_LE(last, monotonic_now());
}

TEST(CameraTest, EndsWithARecordingThatStandsForACamera) {
  const test::TempFolder folder;
  BlockHarness<Camera> sut;
  sut.set("device", recording_in(folder, 3));
  sut.run();
  EXPECT_TRUE(sut.finished());
}

TEST(CameraTest, IsLive) {
  Registry registry;
  vcengine_plugin.register_types(registry);
  EXPECT_TRUE(registry.types().front().traits.live);
}

}  // namespace vcengine::io
