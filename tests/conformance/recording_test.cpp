/// The first difference between what a block sent in two processes.
#include <gtest/gtest.h>

#include <fstream>

#include "engine/conformance/recording.hpp"
#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

constexpr Fills kFirst{std::byte{0x11}, std::byte{0x22}};
constexpr Fills kSecond{std::byte{0x33}, std::byte{0x44}};

RecordedFrame frame(std::string payload, std::int64_t stamp = 0) {
  return {.output = "out",
          .type = {Family::bytes, 0},
          .shape = {4, 1},
          .stamp = stamp,
          .payload = std::move(payload)};
}

std::optional<std::string> compare(std::vector<RecordedFrame> first,
                                   std::vector<RecordedFrame> second) {
  return difference(Recording{std::move(first)}, Recording{std::move(second)}, kFirst, kSecond);
}

TEST(RecordingTest, EqualOnesDoNotDiffer) {
  EXPECT_FALSE(compare({frame("abcd")}, {frame("abcd")}));
}

TEST(RecordingTest, NamesOutputFrameAndByte) {
  EXPECT_EQ(compare({frame("same"), frame("abcd")}, {frame("same"), frame("abxd")}),
            "output 'out', frame 2: byte 2 of 4 differs (0x63 and 0x78)");
}

TEST(RecordingTest, GuessesThatALoanIsNotAllWritten) {
  EXPECT_EQ(compare({frame("ab\x11\x11")}, {frame("ab\x33\x33")}),
            "output 'out', frame 1: byte 2 of 4 differs (0x11 and 0x33); likely: not all of the "
            "loan is written");
}

TEST(RecordingTest, GuessesThatMemoryWasNeverWritten) {
  EXPECT_EQ(compare({frame("\x22")}, {frame("\x44")}),
            "output 'out', frame 1: byte 0 of 1 differs (0x22 and 0x44); likely: it comes from "
            "memory that was never written");
}

TEST(RecordingTest, NamesOtherStampsSizesAndCounts) {
  EXPECT_EQ(compare({frame("a", 1)}, {frame("a", 2)}),
            "output 'out', frame 1: has the stamp 1 ns in one run, 2 ns in the other");
  EXPECT_EQ(compare({frame("a")}, {frame("ab")}),
            "output 'out', frame 1: has 1 bytes in one run, 2 in the other");
  EXPECT_EQ(compare({frame("a")}, {}), "output 'out': 1 frames in one run, 0 in the other");
  EXPECT_EQ(compare({}, {frame("a")}), "output 'out': 0 frames in one run, 1 in the other");
}

TEST(RecordingTest, ComesBackFromItsFile) {
  const TemporaryFolder folder;
  const Recording written{{frame("abcd", 5), frame("", 6)}};
  written.write(folder.path() / "recording");
  const auto read = read_recording(folder.path() / "recording");
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_FALSE(difference(written, read, kFirst, kSecond));
  EXPECT_EQ(read.frames[1].stamp, 6);
}

TEST(RecordingTest, ATruncatedFileIsRefused) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "recording";
  Recording{{frame("abcd")}}.write(file);
  const auto size = std::filesystem::file_size(file);
  for (std::uintmax_t length = 1; length < size; ++length) {
    std::filesystem::resize_file(file, length);
    EXPECT_THROW(read_recording(file), std::runtime_error) << length;
    Recording{{frame("abcd")}}.write(file);
  }
}

TEST(RecordingTest, AMissingFileIsRefused) {
  try {
    read_recording("/nowhere/recording");
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no recording was made");
  }
}

TEST(RecordingTest, AFullDiskIsSaid) {
  EXPECT_THROW(Recording{{frame("abcd")}}.write("/dev/full"), std::system_error);
}

}  // namespace
}  // namespace vcengine
