#include "engine/circuit/diagnostic.hpp"

#include <gtest/gtest.h>

#include "engine/control/nearest_word.hpp"

namespace vcengine {
namespace {

std::string shown(std::string line, int column) {
  const auto text = to_string(Diagnostic{
      .file = "c.yaml", .place = {4, column}, .message = "no", .line_text = std::move(line)});
  return text.substr(text.find('\n') + 1);
}

TEST(DiagnosticTest, ShowsPlaceMessageLineAndCaret) {
  const Diagnostic sut{
      .file = "edges.yaml",
      .place = {4, 18},
      .message = "no block type 'vision.edge_detektor'; did you mean 'vision.edge_detector'?",
      .line_text = "  detect: {type: vision.edge_detektor, params: {low: 50}}"};

  EXPECT_EQ(to_string(sut),
            "edges.yaml:4:18: no block type 'vision.edge_detektor'; did you mean "
            "'vision.edge_detector'?\n"
            "  detect: {type: vision.edge_detektor, params: {low: 50}}\n"
            "                 ^");
}

TEST(DiagnosticTest, WithoutAPlaceThereIsOnlyTheFile) {
  const Diagnostic sut{.file = "edges.yaml", .place = {}, .message = "is empty", .line_text = {}};
  EXPECT_EQ(to_string(sut), "edges.yaml: is empty");
}

TEST(DiagnosticTest, KeepsTheCaretInPlaceAfterTabs) {
  EXPECT_EQ(shown("a\tb: x", 6), "a\tb: x\n \t   ^");
}

TEST(DiagnosticTest, KeepsTheCaretInPlaceAfterLettersOfSeveralBytes) {
  EXPECT_EQ(shown("größe: x", 8), "größe: x\n       ^");
}

TEST(DiagnosticTest, KeepsTheCaretInPlaceAfterWideAndCombiningCharacters) {
  EXPECT_EQ(shown("日本: x", 5), "日本: x\n      ^");
  EXPECT_EQ(shown("e\u0301: x", 5), "e\u0301: x\n   ^");
}

TEST(DiagnosticTest, ACaretMayStandBehindTheLine) { EXPECT_EQ(shown("ab", 99), "ab\n  ^"); }

TEST(DiagnosticTest, NothingInAFileSteersTheTerminal) {
  EXPECT_EQ(shown("\x1b[2J\x07\u202eok\xff", 1), "?[2J??ok?\n^");
  const Diagnostic sut{
      .file = "a\nb.yaml", .place = {}, .message = "no 'x\x1b[31m'", .line_text = {}};
  EXPECT_EQ(to_string(sut), "a?b.yaml: no 'x?[31m'");
}

TEST(DiagnosticTest, ClipsALongLineAroundTheCaret) {
  const auto text = shown(std::string(100'000, 'x'), 50'000);
  const std::string part(100, 'x');
  EXPECT_EQ(text, "…" + part + part + "…\n " + std::string(100, ' ') + "^");
}

TEST(DiagnosticTest, ClipsALongQuote) {
  EXPECT_EQ(in_quotes(std::string(1000, 'y')), "'" + std::string(60, 'y') + "…'");
  EXPECT_EQ(in_quotes("low"), "'low'");
}

TEST(DiagnosticTest, ErrorsComeInTheOrderOfTheFile) {
  Diagnostics sut;
  sut.add({.file = "c", .place = {7, 1}, .message = "third", .line_text = {}});
  sut.add({.file = "c", .place = {2, 9}, .message = "second", .line_text = {}});
  sut.add({.file = "c", .place = {}, .message = "first", .line_text = {}});
  sut.add({.file = "c", .place = {7, 1}, .message = "fourth", .line_text = {}});

  EXPECT_EQ(to_string(sut), "c: first\nc:2:9: second\nc:7:1: third\nc:7:1: fourth");
}

TEST(DiagnosticTest, CountsWhatIsTooMuch) {
  Diagnostics sut;
  for (int i = 0; i < 103; ++i)
    sut.add({.file = "c", .place = {}, .message = "x", .line_text = {}});

  EXPECT_EQ(sut.size(), Diagnostics::kMost);
  EXPECT_TRUE(to_string(sut).ends_with("c: x\n… and 3 more"));
}

TEST(NearestWordTest, FindsOneSlipInThreeLetters) {
  EXPECT_EQ(nearest_word("lwo", {"high", "low"}), "low");
  EXPECT_EQ(nearest_word("drop_old", {"wait", "drop_oldest"}), "drop_oldest");
  EXPECT_EQ(nearest_word("dropoldest", {"wait", "drop_oldest"}), "drop_oldest");
  EXPECT_EQ(nearest_word("edges", {"wait", "drop_oldest"}), std::nullopt);
  EXPECT_EQ(nearest_word("x", {"y"}), std::nullopt);
  EXPECT_EQ(nearest_word("", {}), std::nullopt);
}

}  // namespace
}  // namespace vcengine
