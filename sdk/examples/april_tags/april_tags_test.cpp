#include "april_tags.cpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <vcengine/harness.hpp>

using vcengine::Bgr8;
using vcengine::BlockHarness;

namespace {

/// The library draws its own tags: number `id`, 160 pixels wide, centred at `centre` of a white
/// sheet.
cv::Mat sheet_with_tag(int id, cv::Point centre) {
  auto* family = tag36h11_create();
  auto* drawn = apriltag_to_image(family, static_cast<std::uint32_t>(id));
  cv::Mat tag;
  cv::resize(cv::Mat(drawn->height, drawn->width, CV_8UC1, drawn->buf,
                     static_cast<std::size_t>(drawn->stride)),
             tag, {160, 160}, 0, 0, cv::INTER_NEAREST);
  std::free(drawn->buf);  // as image_u8_destroy() does, which the library keeps to itself
  std::free(drawn);
  tag36h11_destroy(family);
  cv::cvtColor(tag, tag, cv::COLOR_GRAY2BGR);
  cv::Mat sheet(480, 640, CV_8UC3, cv::Scalar::all(255));
  tag.copyTo(sheet(cv::Rect(centre.x - 80, centre.y - 80, 160, 160)));
  return sheet;
}

TEST(AprilTagsTest, FindsATagWithItsNumberAndPlace) {
  BlockHarness<AprilTags> sut;
  sut.put<Bgr8>("image", sheet_with_tag(7, {400, 200}));
  ASSERT_TRUE(sut.step());
  const auto tag = sut.take<Tag>("tags");
  ASSERT_TRUE(tag.has_value());
  EXPECT_EQ((*tag)->id, 7);
  EXPECT_NEAR((*tag)->x, 400, 2);
  EXPECT_NEAR((*tag)->y, 200, 2);
  EXPECT_FALSE(sut.take<Tag>("tags").has_value()) << "there is only one";
}

TEST(AprilTagsTest, SendsNothingForAnEmptySheet) {
  BlockHarness<AprilTags> sut;
  sut.put<Bgr8>("image", cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(255)));
  ASSERT_TRUE(sut.step());
  EXPECT_FALSE(sut.take<Tag>("tags").has_value());
}

}  // namespace
