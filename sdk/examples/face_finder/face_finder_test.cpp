#include "face_finder.cpp"

#include <gmock/gmock.h>
#include <opencv2/imgcodecs.hpp>

#include <cstdlib>
#include <vcengine/harness.hpp>

using namespace vcengine;

namespace {

const std::string kModel = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml";

TEST(FaceFinderTest, FindsTheFaceInAPhotograph) {
  const char* photographs = std::getenv("VCENGINE_FOOTAGE");  // messi5.jpg of opencv-doc
  if (photographs == nullptr) GTEST_SKIP() << "VCENGINE_FOOTAGE names no folder of photographs";
  const auto photograph = cv::imread(std::string(photographs) + "/messi5.jpg");
  ASSERT_FALSE(photograph.empty());
  BlockHarness<FaceFinder> sut;
  sut.set("model", kModel);
  sut.put<Bgr8>("image", photograph);
  ASSERT_TRUE(sut.step());
  const auto faces = sut.take<Array<float>>("faces");
  ASSERT_EQ((*faces)->size(), 4U) << "one face";
}

TEST(FaceFinderTest, SendsAnEmptyListWhereThereIsNone) {
  BlockHarness<FaceFinder> sut;
  sut.set("model", kModel);
  sut.put<Bgr8>("image", cv::Mat(120, 160, CV_8UC3, cv::Scalar::all(128)));
  ASSERT_TRUE(sut.step());
  EXPECT_TRUE((*sut.take<Array<float>>("faces"))->empty());
}

TEST(FaceFinderTest, AModelThatIsNotThereIsNamed) {
  BlockHarness<FaceFinder> sut;
  sut.set("model", std::string("/no/such/model.xml"));
  try {
    sut.step();
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/no/such/model.xml"));
  }
}

}  // namespace
