#include "plugins/io/image_file.cpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/plugins/message_of.hpp"
#include "tests/plugins/temp_folder.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::io {
namespace {

using test::message_of;

class ImageFileTest : public testing::Test {
 protected:
  std::string write_picture(const std::string& name, double value) {
    auto file = folder_ / name;
    cv::imwrite(file, cv::Mat(4, 6, CV_8UC3, cv::Scalar::all(value)));
    return file;
  }
  double next_value() {
    sut.step();
    const auto frame = sut.take<Bgr8>("image");
    return frame ? (*frame)->at<cv::Vec3b>(0, 0)[0] : -1;
  }

  test::TempFolder folder_;
  BlockHarness<ImageFile> sut;
};

}  // namespace

TEST_F(ImageFileTest, ReadsOnePhotoAndEnds) {
  sut.set("path", write_picture("photo.png", 77));
  EXPECT_EQ(77, next_value());
  EXPECT_FALSE(sut.step());
  EXPECT_TRUE(sut.finished());
}

TEST_F(ImageFileTest, ReadsAFolderInTheOrderThatPeopleCount) {
  write_picture("10.png", 10);
  write_picture("9.png", 9);
  write_picture("1.png", 1);
  std::ofstream(folder_ / "notes.txt") << "no picture\n";
  sut.set("path", folder_.path().string()).set("rate", 10.0);
  EXPECT_EQ(1, next_value());
  EXPECT_EQ(9, next_value());
  sut.step();
  const auto last = sut.take<Bgr8>("image");
  EXPECT_EQ(10, (*last)->at<cv::Vec3b>(0, 0)[0]);
  EXPECT_EQ(std::chrono::milliseconds(200), last->stamp());
  EXPECT_FALSE(sut.step());
}

TEST_F(ImageFileTest, ALoopGoesOnWithGrowingStamps) {
  sut.set("path", write_picture("photo.png", 7)).set("loop", true).set("rate", 4.0);
  for (const auto expected : {0, 250, 500}) {
    sut.step();
    EXPECT_EQ(std::chrono::milliseconds(expected), sut.take<Bgr8>("image")->stamp());
  }
}

TEST_F(ImageFileTest, ARateThatIsChangedWhileItRunsDoesNotTurnTimeBack) {
  sut.set("path", write_picture("photo.png", 7)).set("loop", true).set("rate", 1.0);
  sut.step();
  sut.step();
  sut.set("rate", 4.0);
  sut.step();
  for (const auto expected : {0, 1000, 1250}) {
    EXPECT_EQ(std::chrono::milliseconds(expected), sut.take<Bgr8>("image")->stamp());
  }
}

TEST_F(ImageFileTest, GivesColorWhateverTheFileHolds) {
  cv::imwrite(folder_ / "gray16.png", cv::Mat(4, 6, CV_16UC1, cv::Scalar(256 * 55)));
  sut.set("path", folder_ / "gray16.png");
  EXPECT_EQ(55, next_value());
}

TEST_F(ImageFileTest, ADamagedPictureCostsItsFrameOnlyAndIsNamed) {
  write_picture("2.png", 2);
  const auto damaged = write_picture("1.png", 1);
  std::filesystem::resize_file(damaged, 40);
  sut.set("path", folder_.path().string());
  EXPECT_EQ("'" + damaged + "' is a damaged picture", message_of([&] { sut.step(); }));
  EXPECT_EQ(2, next_value());
}

TEST_F(ImageFileTest, SaysWhatIsWrongWithThePath) {
  EXPECT_EQ("'path' is empty; it names the picture to read", message_of([&] { sut.step(); }));

  sut.set("path", folder_ / "none.png");
  EXPECT_EQ("no such file or folder: '" + (folder_ / "none.png") + "'",
            message_of([&] { sut.step(); }));

  std::ofstream(folder_ / "text.png") << "no picture\n";
  sut.set("path", folder_ / "text.png");
  EXPECT_EQ("'" + (folder_ / "text.png") + "' is no picture that OpenCV can read",
            message_of([&] { sut.step(); }));

  sut.set("path", folder_.path().string());
  EXPECT_EQ("the folder '" + folder_.path().string() + "' holds no picture that can be read",
            message_of([&] { sut.step(); }));
}

TEST_F(ImageFileTest, ItsSuccessorGoesOnWithTheNextPictureAndEndsWhereItWouldHave) {
  write_picture("1.png", 10);
  write_picture("2.png", 20);
  write_picture("3.png", 30);
  sut.set("path", folder_.path().string());
  for (int i = 1; i <= 3; ++i) {
    sut.step();
    const auto frame = sut.take<Bgr8>("image");
    ASSERT_TRUE(frame);
    EXPECT_EQ(10 * i, (*frame)->at<cv::Vec3b>(0, 0)[0]);
    EXPECT_EQ(std::chrono::milliseconds(40 * (i - 1)), frame->stamp());
    sut.restart();
  }
  EXPECT_EQ(-1, next_value());
  EXPECT_TRUE(sut.finished());
}

}  // namespace vcengine::io
