#include "plugins/io/print.cpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "tests/plugins/message_of.hpp"
#include "vcengine/harness.hpp"
#include "vcengine/image.hpp"

namespace vcengine::io {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

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

TEST(PrintTest, PrintsTheTimeOfBirthAndTheAgeIfAskedTo) {
  BlockHarness<Print> sut;
  sut.set("times", "both");
  sut.put<Number>("in", 0.1);  // the harness began an hour after the machine, says its clock
  const auto age = [] { return std::chrono::steady_clock::now().time_since_epoch() - 1h; };
  const auto least = age();
  const auto line = printed_by(sut);
  const auto most = age();

  double printed = 0;
  int end = 0;
  ASSERT_EQ(1, std::sscanf(line.c_str(), "1  0.000 s  born 3600.000000 s  age %lf ms  0.1\n%n",
                           &printed, &end))
      << line;
  EXPECT_EQ(line.size(), static_cast<std::size_t>(end));
  const std::chrono::duration<double, std::milli> rounding(0.001);
  const std::chrono::duration<double, std::milli> shown(printed);
  EXPECT_GE(shown, least - rounding);
  EXPECT_LE(shown, most + rounding);
}

TEST(PrintTest, RefusesAChoiceOfTimesThatThereIsNotWithThoseThatThereAre) {
  BlockHarness<Print> sut;
  const auto message = test::message_of([&] { sut.set("times", "born"); });
  EXPECT_NE(std::string::npos, message.find("both")) << message;
}

TEST(PrintTest, ItsSuccessorCountsOn) {
  BlockHarness<Print> sut;
  sut.set("every", 3);
  std::string printed;
  for (const double value : {10.0, 11.0, 12.0, 13.0}) {
    sut.put<Number>("in", value);
    printed += printed_by(sut);
    sut.restart();
  }
  EXPECT_EQ(printed, "1  0.000 s  10\n4  0.120 s  13\n");
}

}  // namespace vcengine::io
