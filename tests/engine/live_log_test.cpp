#include "engine/run/live_log.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

/// All that the reader gets now: texts, and "-n" for n lost lines.
std::vector<std::string> read(const LiveLog& log, LiveLog::Cursor& cursor) {
  std::vector<std::string> texts;
  while (const auto next = log.next(cursor)) {
    if (const auto* const* line = std::get_if<const LiveLog::Line*>(&*next)) {
      texts.push_back((*line)->text);
    } else {
      texts.push_back("-" + std::to_string(std::get<LiveLog::Lost>(*next).lines));
    }
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(LiveLogTest, AReaderGetsEachLineOnceAndOnlyItsBlocks) {
  LiveLog sut;
  sut.add("a", "stdout", "1");
  auto all = sut.last(10, std::nullopt);
  auto of_b = sut.last(10, "b");
  sut.add("b", "stderr", "2");
  sut.add("a", "stdout", "3");
  EXPECT_EQ((Texts{"1", "2", "3"}), read(sut, all));
  EXPECT_EQ(Texts{"2"}, read(sut, of_b));
  EXPECT_EQ(Texts{}, read(sut, all));
  sut.add("b", "stdout", "4");
  EXPECT_EQ(Texts{"4"}, read(sut, all));
  EXPECT_EQ(Texts{"4"}, read(sut, of_b));
}

TEST(LiveLogTest, TheLastLinesAreThoseThatAreWanted) {
  LiveLog sut;
  for (const auto* text : {"1", "2", "3"}) {
    sut.add("a", "stdout", text);
    sut.add("b", "stdout", text);
  }
  auto two = sut.last(2, "a");
  auto none = sut.last(0, std::nullopt);
  EXPECT_EQ((Texts{"2", "3"}), read(sut, two));
  EXPECT_EQ(Texts{}, read(sut, none));
}

TEST(LiveLogTest, WhoIsSlowIsToldHowManyOfHisLinesAreGone) {
  LiveLog sut;
  auto all = sut.last(0, std::nullopt);
  auto of_a = sut.last(0, "a");
  sut.add("a", "stdout", "old");
  for (std::size_t i = 0; i < LiveLog::kMostLines; ++i) sut.add("b", "stdout", "new");
  EXPECT_EQ("-1", read(sut, all).front());
  EXPECT_EQ(Texts{"-1"}, read(sut, of_a));
  sut.add("a", "stdout", "newer");
  EXPECT_EQ(Texts{"newer"}, read(sut, of_a));
}

TEST(LiveLogTest, LongLinesAreForgottenSooner) {
  LiveLog sut;
  auto cursor = sut.last(0, std::nullopt);
  const std::string half(LiveLog::kMostBytes / 2, 'x');
  for (int i = 0; i < 3; ++i) sut.add("a", "stdout", half);
  EXPECT_EQ((Texts{"-1", half, half}), read(sut, cursor));
}

}  // namespace
}  // namespace vcengine
