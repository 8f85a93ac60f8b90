/// The author's guide, and the page about time, do what they say: each page is run in an empty
/// folder, as printed, with nothing but what the packages install.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/guide/guide_page.hpp"
#include "tests/install/installed.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

class GuideTest : public InstalledTest, public testing::WithParamInterface<const char*> {};

TEST_P(GuideTest, RunsAsPrinted) {
  const auto blocks = read_guide_page(fs::path(VCENGINE_TEST_GUIDE) / GetParam());
  ASSERT_FALSE(blocks.empty());
  const auto script = folder() / "page.sh";
  std::ofstream(script) << guide_script(blocks);
  const auto empty = folder() / "empty";
  fs::create_directory(empty);
  auto command = with(VCENGINE_TEST_PREFIX, {"bash", script.string()});
  command.folder = empty;
  const auto result = run(command);
  ASSERT_EQ(0, result.status) << GetParam() << "\n" << result.output;

  std::string printed;
  for (const auto& block : blocks) {
    if (block.kind == GuideBlock::Kind::commands) {
      const auto begin = result.output.find(marker(block.line) + "\n");
      ASSERT_NE(begin, std::string::npos);
      const auto after = begin + marker(block.line).size() + 1;
      printed = result.output.substr(after, result.output.find("@@ line ", after) - after);
    } else if (block.kind == GuideBlock::Kind::output) {
      EXPECT_EQ("", first_line_missing(block.text, printed))
          << GetParam() << ":" << block.line << ": the commands before printed\n"
          << printed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pages, GuideTest,
                         testing::Values("1_ten_minutes.md", "2_state_and_stamps.md",
                                         "3_sources.md", "4_several_inputs.md", "5_fast_blocks.md",
                                         "6_testing.md", "7_debugging.md", "../time.md"),
                         [](const auto& page) {
                           const auto name = fs::path(page.param).stem().string();
                           return "Page" + name.substr(0, name.find('_'));
                         });

TEST(GuidePageTest, EveryPageIsTested) {
  std::size_t pages = 0;
  for (const auto& entry : fs::directory_iterator(VCENGINE_TEST_GUIDE)) {
    if (entry.path().extension() == ".md" && entry.path().filename() != "README.md") ++pages;
  }
  EXPECT_EQ(pages, 7U) << "a new page needs its name above";
}

class GuidePageRefusalTest : public testing::Test {
 protected:
  std::string refusal_of(const std::string& text) const {
    const auto page = folder_.write("page.md", text);
    try {
      read_guide_page(page);
      return "";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }
  TemporaryFolder folder_;
};

TEST_F(GuidePageRefusalTest, CodeThatNothingWouldRunIsRefused) {
  EXPECT_EQ(refusal_of("```cpp\nint x;\n```\n"),
            "line 1: this code has no file name, so nothing runs it");
  EXPECT_EQ(refusal_of("\n```python\nx = 1\n```\n"), "line 2: a block of 'python' cannot be run");
  EXPECT_EQ(refusal_of("```sh\nls\n"), "the last block of code does not end");
  EXPECT_EQ(refusal_of("```sh quietly\nls\n```\n"),
            "line 1: 'quietly' says nothing about commands");
}

TEST(GuidePageTest, LinesMustComeInTheirOrder) {
  const std::string output = "one 1 x\ntwo\nthree\n";
  EXPECT_EQ(first_line_missing("one … x\ntwo\n", output), "");
  EXPECT_EQ(first_line_missing("one …\n…\nthree\n", output), "");
  EXPECT_EQ(first_line_missing("one …\nthree\n", output), "three") << "two stands between";
  EXPECT_EQ(first_line_missing("two\none …\n", output), "one …");
  EXPECT_EQ(first_line_missing("four\n", output), "four");
}

TEST(GuidePageTest, CommandsThatMustFailMayNotSucceed) {
  const auto status = [](const std::string& commands) {
    GuideBlock block{
        .kind = GuideBlock::Kind::commands, .text = commands, .file = {}, .fails = true};
    return run({.argv = {"bash", "-c", guide_script({block})}, .environment = {}}).status;
  };
  EXPECT_EQ(status("true\nfalse\n"), 0);
  EXPECT_EQ(status("true\n"), 1);
}

}  // namespace vcengine::test
