#include "tools/reference/block_index.hpp"

#include <gtest/gtest.h>

#include "tests/tools/reference/sample_block.hpp"

namespace vcengine {
namespace {

constexpr const char* kBegin =
    "<!-- blocks: this table is written by `vcengine reference --index` -->\n";
constexpr const char* kEnd = "<!-- end of blocks -->\n";

TEST(BlockIndexTest, ListsBlocksByTypeWithLinksToTheirPages) {
  auto odd = block("b.b", {});
  odd.doc = "a | b";
  const auto text = with_index("", {odd, block("a.a", {})});
  EXPECT_TRUE(has(text, "| [`a.a`](a/a.md) | Does something |\n| [`b.b`](b/b.md) | a \\| b |\n"))
      << text;
}

TEST(BlockIndexTest, TheRestOfTheFileStaysAsItIs) {
  const auto first = with_index(std::string("before\n") + kBegin + "old\n" + kEnd + "after\n", {});
  EXPECT_TRUE(first.starts_with(std::string("before\n") + kBegin));
  EXPECT_TRUE(first.ends_with(std::string(kEnd) + "after\n"));
  EXPECT_FALSE(has(first, "old"));
  EXPECT_EQ(with_index(first, {}), first);
}

TEST(BlockIndexTest, AFileWithoutOnePairOfMarkersIsRefusedAndToldWhatToWrite) {
  for (const auto& text :
       {std::string("mine\n"), std::string(kBegin), std::string(kEnd) + kBegin,
        std::string(kBegin) + kEnd + kBegin, std::string(kBegin) + kEnd + kEnd}) {
    EXPECT_TRUE(has(refusal_of([&] { with_index(text, {}); }), std::string(kBegin) + kEnd)) << text;
  }
}

}  // namespace
}  // namespace vcengine
