#include "engine/show/terminal_text.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

TEST(TerminalTextTest, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("edges"), 5U);
  EXPECT_EQ(display_width("é→…"), 3U);
  EXPECT_EQ(display_width("e\u0301"), 1U);  // a combining accent
  EXPECT_EQ(display_width("画像"), 4U);
  EXPECT_EQ(display_width("\xff\xc3"), 2U);  // no UTF-8
}

TEST(TerminalTextTest, TruncatesBetweenCharacters) {
  EXPECT_EQ(truncate_to_width("画像画像", 8, Glyphs::utf8), "画像画像");
  EXPECT_EQ(truncate_to_width("画像画像", 7, Glyphs::utf8), "画像画…");
  EXPECT_EQ(truncate_to_width("画像画像", 6, Glyphs::utf8), "画像…");
  EXPECT_EQ(truncate_to_width("edges 50%", 8, Glyphs::ascii), "edges...");
  EXPECT_EQ(truncate_to_width("edges", 2, Glyphs::ascii), "..");
  EXPECT_EQ(truncate_to_width("edges", 0, Glyphs::utf8), "");
}

TEST(TerminalTextTest, ReplacesOverlongFormsAndSurrogates) {
  EXPECT_EQ(one_terminal_line("\xc0\x8a|\xe0\x80\x8a|\xed\xa0\x80"), "??|???|???");
  EXPECT_EQ(one_terminal_line("\xf0\x9f\x98\x80\xf0\x9f"), "\xf0\x9f\x98\x80??");
}

TEST(TerminalTextTest, ReplacesControlCharactersOfBothSets) {
  EXPECT_EQ(one_terminal_line("a\nb\x7f\u009bJ"), "a?b??J");
  EXPECT_EQ(one_terminal_line("a\tb"), "a\tb");
}

TEST(TerminalTextTest, KeepsColoursAndEndsThem) {
  EXPECT_EQ(one_terminal_line("\033[1;32mok"), "\033[1;32mok\033[0m");
  EXPECT_EQ(one_terminal_line("\033[1;32"), "?[1;32");
}

}  // namespace
}  // namespace vcengine
