#include "plugins/io/image_writer.cpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/plugins/message_of.hpp"
#include "tests/plugins/temp_folder.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::io {
namespace {

using test::message_of;

cv::Mat picture(double value) { return {4, 6, CV_8UC3, cv::Scalar::all(value)}; }

class ImageWriterTest : public testing::Test {
 protected:
  void write(double value) {
    sut.put<Image>("image", picture(value));
    sut.step();
  }
  static double value_in(const std::string& file) {
    const auto read = cv::imread(file);
    return read.empty() ? -1 : read.at<cv::Vec3b>(0, 0)[0];
  }

  test::TempFolder folder_;
  BlockHarness<ImageWriter> sut;
};

}  // namespace

TEST_F(ImageWriterTest, NumbersFilesByTheFrame) {
  sut.set("path", folder_ / "frame_{:06}.png");
  write(11);
  write(22);
  EXPECT_EQ(11, value_in(folder_ / "frame_000001.png"));
  EXPECT_EQ(22, value_in(folder_ / "frame_000002.png"));
}

TEST_F(ImageWriterTest, CreatesTheFolder) {
  sut.set("path", folder_ / "a/b c/{}.png");
  write(11);
  EXPECT_EQ(11, value_in(folder_ / "a/b c/1.png"));
}

TEST_F(ImageWriterTest, WithoutANumberKeepsTheNewestOnly) {
  sut.set("path", folder_ / "newest.png");
  write(11);
  write(22);
  EXPECT_EQ(22, value_in(folder_ / "newest.png"));
  EXPECT_EQ(1, std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
}

TEST_F(ImageWriterTest, RefusesAFormatItCannotWrite) {
  sut.set("path", folder_ / "{:04}.pngg");
  EXPECT_EQ("'" + (folder_ / "{:04}.pngg") +
                "': OpenCV writes no pictures ending in '.pngg'; .png and .jpg are two it does",
            message_of([&] { sut.step(); }));
}

TEST_F(ImageWriterTest, RefusesAPatternItDoesNotUnderstand) {
  for (const auto* name : {"{:6}.png", "{:06.png", "{number}.png", "{.png"}) {
    BlockHarness<ImageWriter> other;
    other.set("path", folder_ / name);
    EXPECT_NE(std::string::npos, message_of([&] { other.step(); }).find("{:06}")) << name;
  }
}

// A full disk looks the same to a writer: the file grows up to a limit and no further.
TEST_F(ImageWriterTest, NoticesAFullDiskAndLeavesNoHalfPicture) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tiny{10, before.rlim_max};
  sut.set("path", folder_ / "{}.png");
  sut.put<Image>("image", picture(1));

  ::setrlimit(RLIMIT_FSIZE, &tiny);
  const auto message = message_of([&] { sut.step(); });
  ::setrlimit(RLIMIT_FSIZE, &before);

  EXPECT_EQ("cannot write '" + (folder_ / "1.png") + "': File too large", message);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace vcengine::io
