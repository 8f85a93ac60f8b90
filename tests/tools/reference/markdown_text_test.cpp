#include "tools/reference/markdown_text.hpp"

#include <gtest/gtest.h>

#include "tools/reference/plain_text.hpp"

namespace vcengine {
namespace {

using namespace std::string_literals;

TEST(PlainTextTest, IsOneLine) {
  EXPECT_EQ(plain_line(" two\nlines\tand\r more \n"), "two lines and  more");
  EXPECT_EQ(plain_line("\n \t"), "");
}

TEST(PlainTextTest, WhatIsNoUtf8BecomesAQuestionMark) {
  EXPECT_EQ(plain_line("a\xFF z"), "a? z");
  EXPECT_EQ(plain_line("cut \xE2\x82"), "cut ??");
  EXPECT_EQ(plain_line("\xC3("), "?(");
  EXPECT_EQ(plain_line("\xC0\x80"), "??") << "a zero in two bytes";
  EXPECT_EQ(plain_line("\xE0\x80\x80"), "???") << "and in three";
  EXPECT_EQ(plain_line("\xED\xA0\x80"), "?") << "half of a pair";
  EXPECT_EQ(plain_line("\xEF\xBF\xBF"), "?") << "no character of XML";
  EXPECT_EQ(plain_line("a\0b"s), "a b");
  EXPECT_EQ(plain_line("grün … 日本 𝄞"), "grün … 日本 𝄞");
}

TEST(PlainTextTest, ColumnsAreCharactersAndNotBytes) {
  EXPECT_EQ(columns("grün"), 4U);
  EXPECT_EQ(columns(""), 0U);
}

TEST(MarkdownTextTest, NothingIsTakenForMarkup) {
  EXPECT_EQ(markdown("_b_ *c* `d` [e](f) <g> h|i ~j~ &amp; $k$ \\"),
            "\\_b\\_ \\*c\\* \\`d\\` \\[e\\](f) \\<g\\> h\\|i \\~j\\~ \\&amp; \\$k\\$ \\\\");
}

TEST(MarkdownTextTest, NamesWithinASentenceStayAsTheyAre) {
  EXPECT_EQ(markdown("io.video_file and a_1_b"), "io.video_file and a_1_b");
}

TEST(MarkdownTextTest, NoParagraphBecomesAListOrAHeading) {
  EXPECT_EQ(markdown("# of frames"), "\\# of frames");
  EXPECT_EQ(markdown("-1: none"), "\\-1: none");
  EXPECT_EQ(markdown("+ a"), "\\+ a");
  EXPECT_EQ(markdown("1. first"), "1\\. first");
  EXPECT_EQ(markdown("12) twelfth"), "12\\) twelfth");
  EXPECT_EQ(markdown("0: none - or 1."), "0: none - or 1.");
  EXPECT_EQ(markdown("7"), "7");
}

TEST(MarkdownTextTest, ASentenceEndsWithOneMark) {
  EXPECT_EQ(markdown_sentence("Counts"), "Counts.");
  EXPECT_EQ(markdown_sentence("Counts."), "Counts.");
  EXPECT_EQ(markdown_sentence("1, 2 …"), "1, 2 …");
  EXPECT_EQ(markdown_sentence(""), "");
}

TEST(MarkdownTextTest, CodeHoldsEverything) {
  EXPECT_EQ(markdown_code("a_b"), "`a_b`");
  EXPECT_EQ(markdown_code("a|b|"), "`a\\|b\\|`");
  EXPECT_EQ(markdown_code("a``b"), "```a``b```");
  EXPECT_EQ(markdown_code("`"), "`` ` ``");
  EXPECT_EQ(markdown_code("two\nlines"), "`two lines`");
  EXPECT_EQ(markdown_code(""), "");
}

}  // namespace
}  // namespace vcengine
