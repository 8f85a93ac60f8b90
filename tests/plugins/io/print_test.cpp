#include "plugins/io/print.cpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "vcengine/harness.hpp"
#include "vcengine/image.hpp"

namespace vcengine::io {
namespace {

using std::chrono::milliseconds;

std::string printed_by(BlockHarness<Print>& sut) {
  testing::internal::CaptureStdout();
  sut.run();
  return testing::internal::GetCapturedStdout();
}

struct Point {
  std::int32_t id;
  double x;
};

}  // namespace
}  // namespace vcengine::io

template <>
struct vcengine::Record<vcengine::io::Point> {
  static constexpr std::string_view name = "point";
  static auto fields() {
    return std::vector{field("id", &io::Point::id), field("x", &io::Point::x)};
  }
};

namespace vcengine::io {

TEST(PrintTest, PrintsRecordsByTheirFields) {
  BlockHarness<Print> sut;
  sut.put<Point>("in", Point{7, 0.5});
  EXPECT_EQ("1  0.000 s  {id: 7, x: 0.5}\n", printed_by(sut));
}

TEST(PrintTest, LeavesOutFieldsThatLieOutsideTheRecord) {
  BlockHarness<Print> sut;
  sut.put<Point>("in", Point{7, 0.5});
  sut.set_record_fields("in", {{"id", "i32", 0}, {"far", "f64", 12}, {"odd", "f16", 0}});
  EXPECT_EQ("1  0.000 s  {id: 7}\n", printed_by(sut));
}

TEST(PrintTest, PrintsNumbersWithTheirPlaceAndStamp) {
  BlockHarness<Print> sut;
  sut.put<Number>("in", 0.1, milliseconds(0));
  sut.put<Number>("in", -3.0, milliseconds(1500));
  EXPECT_EQ("1  0.000 s  0.1\n2  1.500 s  -3\n", printed_by(sut));
}

TEST(PrintTest, PrintsText) {
  BlockHarness<Print> sut;
  sut.put<Text>("in", "hello");
  EXPECT_EQ("1  0.000 s  hello\n", printed_by(sut));
}

TEST(PrintTest, PrintsShortArraysInFullAndTheBeginningOfLongOnes) {
  std::vector<std::int16_t> numbers(100);
  std::iota(numbers.begin(), numbers.end(), -1);
  BlockHarness<Print> sut;
  sut.put<Array<float>>("in", std::vector{1.5F, 2.0F});
  sut.put<Array<std::int16_t>>("in", numbers);
  EXPECT_EQ(
      "1  0.000 s  [1.5, 2]\n"
      "2  0.040 s  [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, … 100 in all]\n",
      printed_by(sut));
}

TEST(PrintTest, PrintsTheHeaderOfPicturesAndBytes) {
  BlockHarness<Print> sut;
  sut.put<Bgr8>("in", cv::Mat(48, 64, CV_8UC3));
  sut.put<Bytes>("in", std::as_bytes(std::span("1234")));
  EXPECT_EQ("1  0.000 s  image 8UC3 64x48\n2  0.040 s  bytes, 5 bytes\n", printed_by(sut));
}

TEST(PrintTest, PrintsEachNthFrameOnly) {
  BlockHarness<Print> sut;
  sut.set("every", 2);
  for (const double number : {5, 6, 7}) sut.put<Number>("in", number);
  EXPECT_EQ("1  0.000 s  5\n3  0.080 s  7\n", printed_by(sut));
}

}  // namespace vcengine::io
