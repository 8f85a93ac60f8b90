#include "tools/reference/block_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "tests/tools/common/refusal_of.hpp"
#include "tests/tools/reference/sample_block.hpp"

namespace vcengine {
namespace {

std::string page(const BlockInfo& block) { return block_page(block, "b.svg", {}); }

TEST(BlockPageTest, SaysWhatTheBlockIsAndShowsItsPicture) {
  const auto text = page(block("a.b", {}));
  EXPECT_TRUE(text.starts_with("# a.b\n\nDoes something.\n\n![a.b](b.svg)\n\n")) << text;
  EXPECT_TRUE(has(text, kPageMark));
}

TEST(BlockPageTest, PortsHaveTypeDocAndNotes) {
  auto boxes = port("boxes", PortRole::in, "record/box");
  boxes.doc = "Where | what";
  boxes.optional = true;
  boxes.fields = {{"x", "f64", 0}, {"label", "i32", 8}};
  auto same = port("same", PortRole::out, "any");
  same.same_as = "boxes";
  const auto text = page(block("a.b", {boxes, same}));
  EXPECT_TRUE(has(text,
                  "| `boxes` | `record/box` | Where \\| what | may stay unwired; fields: `x` "
                  "f64, `label` i32 |\n"))
      << text;
  EXPECT_TRUE(has(text, "| `same` | `any` |  | has the type of `boxes` |\n")) << text;
}

TEST(BlockPageTest, SettingsHaveRangeDefaultAndUnit) {
  auto low = setting("low", ParamKind::integer, std::int64_t{85});
  low.min = std::int64_t{0};
  low.max = std::int64_t{1000};
  low.doc = "Below: never";
  auto wait = setting("wait", ParamKind::duration, std::int64_t{50'000'000});
  wait.min = std::int64_t{0};
  wait.max = std::numeric_limits<std::int64_t>::max();
  auto mode = setting("mode", ParamKind::text, std::string("a|b"));
  mode.choices = {"a|b", ""};
  auto sut = block("a.b", {});
  sut.params = {low, wait, mode,
                setting("far", ParamKind::real, std::numeric_limits<double>::infinity())};
  const auto text = page(sut);
  EXPECT_TRUE(has(text, "| `low` | integer | `0` to `1000` | `85` | Below: never |\n")) << text;
  EXPECT_TRUE(has(text, "| `wait` | duration | from `0s` | `50ms` |  |\n")) << text;
  EXPECT_TRUE(has(text, "| `mode` | text | `\"a\\|b\"`, `\"\"` | `\"a\\|b\"` |  |\n")) << text;
  EXPECT_TRUE(has(text, "| `far` | real |  | inf |  |\n")) << text;
}

TEST(BlockPageTest, WhatABlockHasNoneOfIsNotThere) {
  const auto text = page(block("a.b", {}));
  for (const auto* title : {"## Inputs", "## Outputs", "## Settings"}) {
    EXPECT_FALSE(has(text, title)) << title;
  }
}

TEST(BlockPageTest, TraitsAreExplained) {
  auto sut = block("a.b", {port("now", PortRole::latest, "number")});
  sut.traits = {.live = true, .window = true, .deterministic = false};
  sut.dynamic = true;
  const auto text = page(sut);
  for (const auto* part : {"`rate:`", "A sink", "Live:", "window", "Not deterministic", "depend"}) {
    EXPECT_TRUE(has(text, part)) << part << " in\n" << text;
  }
  EXPECT_FALSE(has(text, "A source"));
  EXPECT_TRUE(has(page(block("a.b", {})), "A source"));
}

TEST(BlockPageTest, WhatABlockKeepsIsNamed) {
  auto sut = block("a.b", {});
  EXPECT_FALSE(has(page(sut), "Keeps for a successor"));
  sut.states = {{.name = "seen", .type = "i64", .size = 8}, {.name = "sums", .type = "bytes"}};
  EXPECT_TRUE(has(page(sut), "Keeps for a successor, should its process die: `seen`, `sums`."));
}

TEST(BlockPageTest, OddDocsAreNoMarkup) {
  auto sut = block("a.b", {port("in", PortRole::in, "number")});
  sut.doc = "# <script>\n\n| `x` |\xFF ${HOME}";
  sut.ports.front().doc = "*a*\n| b |";
  const auto text = page(sut);
  EXPECT_TRUE(has(text, "\n\\# \\<script\\>  \\| \\`x\\` \\|? \\${HOME}.\n")) << text;
  EXPECT_TRUE(has(text, "| `in` | `number` | \\*a\\* \\| b \\| |\n")) << text;
}

TEST(BlockPageTest, APictureBesideThePageIsShownWithItsCircuit) {
  const auto sut =
      block("a.b", {port("edges", PortRole::out, "image/gray8"),
                    port("image", PortRole::in, "image"), port("count", PortRole::out, "number")});
  const auto text = block_page(sut, "b.svg", {"b_result.jpg", "b_result.yaml"});
  EXPECT_TRUE(has(text,
                  "(b_result.jpg)\n\nFrom left to right: input `image`, output `edges`; made "
                  "by [b_result.yaml](b_result.yaml).\n"))
      << text;
  EXPECT_FALSE(has(page(sut), "result"));
}

TEST(BlockPageTest, TheSameDeclarationGivesTheSameBytes) {
  const auto sut = block("a.b", {port("in", PortRole::in, "number")});
  EXPECT_EQ(page(sut), page(sut));
}

TEST(BlockPageTest, ATypeIsAPlaceInAFolderAndNowhereElse) {
  EXPECT_EQ(page_of("vision.edge_detector"), "vision/edge_detector");
  EXPECT_EQ(page_of("a.b.c"), "a/b/c");
  for (const std::string type : {"", "a", "../a.b", "a./etc/b", "a..b", "a.b\n"}) {
    EXPECT_NE(refusal_of([&] { page_of(type); }), "") << type;
  }
}

}  // namespace
}  // namespace vcengine
