#include "engine/circuit/setting_edit.hpp"

#include <gtest/gtest.h>

#include "engine/circuit/diagnostic.hpp"

namespace vcengine {
namespace {

std::string edited(const std::string& text, const SettingEdit& edit) {
  try {
    return edit_setting(
        text, "c.yaml", [](const std::string&) { return std::nullopt; }, edit);
  } catch (const SettingEditError& error) {
    return std::string("refused: ") + error.what();
  }
}

TEST(SettingEditTest, AValueIsReplacedAndNothingElse) {
  EXPECT_EQ("blocks: {a: {type: x.y, params: {low: 60, high:  5 }}} # low: 5\n",
            edited("blocks: {a: {type: x.y, params: {low: 5, high:  5 }}} # low: 5\n",
                   {.block = "a", .param = "low", .text = "60"}));
  EXPECT_EQ("blocks:\r\n  a:\r\n    params:\r\n      low:   -0.5 # why\r\n    type: x.y\r\n",
            edited("blocks:\r\n  a:\r\n    params:\r\n      low:   5 # why\r\n    type: x.y\r\n",
                   {.block = "a", .param = "low", .text = "-0.5"}));
}

TEST(SettingEditTest, QuotesStay) {
  for (const std::string quote : {"'", "\""}) {
    const auto text = [&](const std::string& value) {
      return "blocks: {a: {type: x.y, params: {mode: " + quote + value + quote + "}}}\n";
    };
    EXPECT_EQ(text("very fast"),
              edited(text("slow, very"),
                     {.block = "a", .param = "mode", .text = "very fast", .is_text = true}));
  }
}

TEST(SettingEditTest, TextGetsQuotesWhereYamlNeedsThem) {
  const std::string plain = "blocks: {a: {type: x.y, params: {mode: slow}}}\n";
  const auto mode = [&](const std::string& text) {
    const auto result =
        edited(plain, {.block = "a", .param = "mode", .text = text, .is_text = true});
    const auto begin = plain.find("slow");
    return result.substr(begin, result.size() - (plain.size() - 4));
  };
  EXPECT_EQ("fast", mode("fast"));
  EXPECT_EQ("./a/b-1.mp4", mode("./a/b-1.mp4"));
  EXPECT_EQ("\"a, b\"", mode("a, b"));
  EXPECT_EQ("\"\"", mode(""));
  EXPECT_EQ("\"say \\\"x: {y}\\\" # \\\\\"", mode("say \"x: {y}\" # \\"));
}

TEST(SettingEditTest, ASettingThatWasNotThereGoesBehindTheOthers) {
  const SettingEdit edit{.block = "a", .param = "low", .text = "60"};
  EXPECT_EQ("blocks: {a: {type: x.y, params: {high: 5, low: 60}}}\n",
            edited("blocks: {a: {type: x.y, params: {high: 5}}}\n", edit));
  EXPECT_EQ(
      "blocks:\n  a:\n    type: x.y\n    params:\n      high: 5  # why\n      low: 60\n  b: {type: "
      "z.z}\n",
      edited("blocks:\n  a:\n    type: x.y\n    params:\n      high: 5  # why\n  b: {type: z.z}\n",
             edit));
  EXPECT_EQ("blocks: {a: {type: x.y, params: {low: 60}}}\n",
            edited("blocks: {a: {type: x.y}}\n", edit));
  EXPECT_EQ("blocks:\n  a:\n    type: x.y\n    params: {low: 60}",
            edited("blocks:\n  a:\n    type: x.y", edit).substr(0, 48));
}

TEST(SettingEditTest, WhatOthersShareOrAVariableMakesIsRefused) {
  const SettingEdit edit{.block = "b", .param = "low", .text = "60"};
  for (const auto* text :
       {"blocks:\n  a: {type: x.y, params: &p {low: 5}}\n  b: {type: x.y, params: *p}\n",
        "blocks: {b: {type: x.y, params: {low: \"${LOW:-5}\"}}}\n",
        "blocks: {b: {type: x.y, params: {low: \"\\x35\"}}}\n",
        "defaults: {type: x.y}\nblocks:\n  b: {}\n", "blocks: {c: {type: x.y}}\n"}) {
    EXPECT_TRUE(edited(text, edit).starts_with("refused: ")) << edited(text, edit);
  }
}

TEST(SettingEditTest, AFileThatIsNoCircuitAnyMoreIsNotTouched) {
  EXPECT_THROW(edited("blocks: [", {.block = "b", .param = "low", .text = "60"}), CircuitError);
}

}  // namespace
}  // namespace vcengine
