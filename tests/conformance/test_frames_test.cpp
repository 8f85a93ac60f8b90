/// What blocks are tested with.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <set>

#include "engine/conformance/test_frames.hpp"

namespace vcengine {
namespace {

FrameKind kind(FrameType type) { return {.type = type, .record_size = 0, .fields = {}}; }

PortInfo port(const std::string& type) {
  PortInfo info;
  info.type = type;
  return info;
}

FrameHeader header_of(const TestFrame& frame) {
  FrameHeader header;
  header.type = frame.type;
  header.shape = frame.shape;
  header.size = frame.bytes.size();
  return header;
}

TEST(TestFramesTest, AreTheSameInEveryRunAndDifferFromRoundToRound) {
  const auto gray = kind(pixels::k8UC1);
  EXPECT_EQ(make_frame(gray, {.number = 3}).bytes, make_frame(gray, {.number = 3}).bytes);
  std::set<std::vector<std::byte>> different;
  for (std::uint64_t i = 0; i < 8; ++i) different.insert(make_frame(gray, {.number = i}).bytes);
  EXPECT_EQ(different.size(), 8U);
}

TEST(TestFramesTest, DifferAtTwoInputsOfOneRound) {
  const auto gray = kind(pixels::k8UC1);
  EXPECT_NE(make_frame(gray, {.number = 3}, 0).bytes, make_frame(gray, {.number = 3}, 1).bytes);
}

TEST(TestFramesTest, HaveTheContentOfEightRoundsAgo) {
  for (const auto& any : kinds_for(port("any"))) {
    EXPECT_EQ(make_frame(any, {.number = 3}).bytes, make_frame(any, {.number = 11}).bytes);
  }
}

TEST(TestFramesTest, FitTheirShapeInEveryAmount) {
  for (const auto& any : kinds_for(port("any"))) {
    for (const auto amount :
         {Amount::ordinary, Amount::nothing, Amount::one, Amount::huge, Amount::odd}) {
      for (const auto size : {PictureSize{0, 0}, PictureSize{1, 1}, PictureSize{641, 479}}) {
        const auto frame = make_frame(any, {.number = 5, .size = size, .amount = amount});
        EXPECT_EQ(malformed(header_of(frame)), std::nullopt) << to_string(any.type);
      }
    }
  }
}

TEST(TestFramesTest, HavePixelsOfOpenCvsSizes) {
  EXPECT_EQ(pixel_size(pixels::k8UC1), 1U);
  EXPECT_EQ(pixel_size(pixels::k8UC3), 3U);
  EXPECT_EQ(pixel_size(pixels::k8UC4), 4U);
  EXPECT_EQ(pixel_size(pixels::k16UC1), 2U);
  EXPECT_EQ(pixel_size(pixels::k32FC1), 4U);
}

TEST(TestFramesTest, TornOnesAreSeen) {
  auto header = header_of(make_frame(kind(pixels::k8UC3), {.number = 0}));
  --header.size;
  EXPECT_EQ(malformed(header), "image 8UC3 of 160x120 has 57599 bytes, not 57600");
}

TEST(TestFramesTest, OfARecordFillItsFieldsAndHaveItsSize) {
  auto info = port("record/point");
  info.record_size = 24;
  info.fields = {{"id", "i32", 0}, {"x", "f64", 8}, {"y", "f32", 16}};
  const auto kinds = kinds_for(info);
  ASSERT_EQ(kinds.size(), 1U);
  const auto frame = make_frame(kinds[0], {.number = 2});
  ASSERT_EQ(frame.bytes.size(), 24U);
  double x = 0;
  std::memcpy(&x, frame.bytes.data() + 8, sizeof x);
  EXPECT_EQ(x, 4.0);  // 1.5 * 2 + the number of the field
}

TEST(TestFramesTest, AFieldOutsideOfItsRecordIsLeftAlone) {
  auto info = port("record/liar");
  info.record_size = 4;
  info.fields = {{"x", "f64", 0}, {"y", "f64", std::uint64_t{1} << 40}};
  EXPECT_EQ(make_frame(kinds_for(info)[0], {.number = 2}).bytes.size(), 4U);
}

TEST(TestFramesTest, OddNumbersAreNone) {
  double value = 0;
  const auto frame = make_frame(kind({Family::number, 0}), {.number = 0, .amount = Amount::odd});
  std::memcpy(&value, frame.bytes.data(), sizeof value);
  EXPECT_TRUE(std::isnan(value));
}

}  // namespace
}  // namespace vcengine
