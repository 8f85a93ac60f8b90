#include "tools/reference/page_files.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/engine/temporary_folder.hpp"
#include "tests/tools/reference/sample_block.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class PageFilesTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const fs::path page_ = folder_.path() / "a/b.md";
};

TEST_F(PageFilesTest, OnlyWhatChangedIsWritten) {
  auto sut = block("a.b", {});
  EXPECT_EQ(write_pages(folder_.path(), {sut}, true).size(), 3U);
  EXPECT_EQ(write_pages(folder_.path(), {sut}, true).size(), 0U);
  sut.doc = "Does something else";
  const auto changed = write_pages(folder_.path(), {sut}, true);
  EXPECT_EQ(changed, (std::vector<fs::path>{page_, folder_.path() / "README.md"}));
  EXPECT_TRUE(has(text_of(page_), "Does something else."));
}

TEST_F(PageFilesTest, NothingOfAPersonIsReplaced) {
  folder_.write("a/b.md", "mine");
  EXPECT_TRUE(has(refusal_of([&] { write_pages(folder_.path(), {block("a.b", {})}, false); }),
                  "b.md was not written by vcengine reference"));
  fs::remove(page_);
  folder_.write("a/b.svg", "mine");
  EXPECT_NE(refusal_of([&] { write_pages(folder_.path(), {block("a.b", {})}, false); }), "");
  EXPECT_FALSE(fs::exists(page_));
}

TEST_F(PageFilesTest, FilesBesideAPageAreFound) {
  EXPECT_EQ(results_beside(page_).picture, "");
  folder_.write("a/b_result.png", "");
  EXPECT_EQ(results_beside(page_).picture, "b_result.png");
  EXPECT_EQ(results_beside(page_).circuit, "");
  folder_.write("a/b_result.yaml", "");
  write_pages(folder_.path(), {block("a.b", {})}, false);
  EXPECT_TRUE(has(text_of(page_), "(b_result.png)"));
  EXPECT_TRUE(has(text_of(page_), "(b_result.yaml)"));
}

}  // namespace
}  // namespace vcengine
