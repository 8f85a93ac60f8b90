/// What is written; that it builds and runs is tested end to end.
#include "tools/new/block_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tools/common/refusal_of.hpp"
#include "tools/new/process_code.hpp"

namespace vcengine {
namespace {

NewBlock block(std::vector<std::string> inputs, std::vector<std::string> outputs,
               std::vector<std::string> params = {}) {
  return make_block({"finder", "", "", std::move(inputs), std::move(outputs), std::move(params)});
}

std::string process_of(const NewBlock& block) {
  std::string text;
  for (const auto& line : process_code(block).lines) text += line + "\n";
  return text;
}

TEST(NewBlockFilesTest, TheDefaultBlockIsAsShortAsTheReadmesExample) {
  const auto source = block_source(block({}, {}));
  EXPECT_LE(std::ranges::count(source, '\n'), 30);
  EXPECT_GE(std::ranges::count(source, '\n'), 18);
}

TEST(NewBlockFilesTest, ColoursAreConvertedByType) {
  EXPECT_TRUE(has(process_of(block({"a:Bgr8"}, {"b:Gray8"})), "COLOR_BGR2GRAY"));
  EXPECT_TRUE(has(process_of(block({"a:Gray8"}, {"b:Bgr8"})), "COLOR_GRAY2BGR"));
  EXPECT_TRUE(has(process_of(block({"a:Gray8"}, {"b:Gray8"})), "a->copyTo"));
}

TEST(NewBlockFilesTest, NumbersAreAddedUp) {
  EXPECT_TRUE(has(process_of(block({"a:Number", "b:Number"}, {"c:Number"})), "c.publish(*a + *b)"));
  EXPECT_TRUE(has(process_of(block({"a:Number:many"}, {"c:Number"})), "sum += *a[i]"));
}

TEST(NewBlockFilesTest, WhatMayBeMissingIsAskedFor) {
  EXPECT_TRUE(has(process_of(block({"a:Number:latest"}, {"b:Number"})), "if (!a) return;"));
  EXPECT_FALSE(has(process_of(block({"a:Number:latest", "c:Number"}, {"b:Number"})), "if (!a)"));
}

TEST(NewBlockFilesTest, NamesWhatIsNotUsedYetWhereTheAuthorsCodeGoes) {
  const auto text = process_of(block({"a:Bgr8", "mask:Text"}, {"b:Bgr8"}, {"low:int"}));
  EXPECT_TRUE(has(text, "// Your code goes here"));
  EXPECT_TRUE(has(text, "// Not used yet: mask, low."));
}

TEST(NewBlockFilesTest, LocalNamesKeepOutOfTheWayOfPorts) {
  const auto text = process_of(block({"b_loan:Bgr8", "sum:Number:many"}, {"b:Bgr8", "c:Number"}));
  EXPECT_TRUE(has(text, "auto b_loan_2 = b.loan(b_loan->size())")) << text;
  EXPECT_TRUE(has(text, "double sum_2 = 0;")) << text;
}

TEST(NewBlockFilesTest, DocsAreWrittenAsCppText) {
  const auto source = block_source(make_block({.name = "finder", .doc = R"(finds "a\b")"}));
  EXPECT_TRUE(has(source, R"("finds \"a\\b\"")")) << source;
}

TEST(NewBlockFilesTest, InputsThatAreMatchedComeFromOneSource) {
  EXPECT_FALSE(feed_of(block({"a:Bgr8", "b:Gray8"}, {})));
  EXPECT_FALSE(feed_of(block({"a:Bgr8", "b:Number:latest"}, {})));
  const auto mixed = feed_of(block({"a:Bgr8", "b:Number"}, {}));
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->outputs.size(), 2U);
}

TEST(NewBlockFilesTest, AFeedSendsWhatNoShippedBlockDoes) {
  const auto feed = feed_of(block({"a:Text", "b:Text", "c:Array<f32>:latest"}, {}));
  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->type(), "my.finder_feed");
  EXPECT_EQ(feed->outputs.size(), 2U);
  EXPECT_TRUE(has(block_cmake(block({"a:Text"}, {})), "vcengine_add_plugin(finder_feed"));
}

TEST(NewBlockFilesTest, ABlockThatNoFrameTriggersHasARateInItsCircuit) {
  EXPECT_TRUE(has(block_circuit(block({}, {"a:Number"})), "rate: 30"));
  EXPECT_TRUE(has(block_circuit(block({"a:Number:latest"}, {"b:Number"})), "rate: 30"));
  EXPECT_FALSE(has(block_circuit(block({"a:Number"}, {"b:Number"})), "rate:"));
}

}  // namespace
}  // namespace vcengine
