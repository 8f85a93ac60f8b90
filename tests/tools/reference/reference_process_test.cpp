/// The pages of the blocks that come with vcengine say what these blocks are, and `vcengine
/// reference` makes such pages of anybody's.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <regex>
#include <set>
#include <vcengine/picture_matchers.hpp>

#include "engine/control/description_json.hpp"
#include "tests/processes/support/host_test.hpp"
#include "tests/tools/reference/shipped_reference.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

constexpr const char* kUpdate = "`tools/dev reference` makes pages and pictures anew";

fs::path pages() { return source_folder() / "plugins"; }

/// Relative to `folder`, all files below it with one of these endings.
std::set<fs::path> files_in(const fs::path& folder, const std::set<std::string>& endings) {
  std::set<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (endings.contains(entry.path().extension().string())) {
      files.insert(entry.path().lexically_relative(folder));
    }
  }
  return files;
}

std::set<fs::path> results_in(const fs::path& folder) {
  auto files = files_in(folder, {".jpg", ".png", ".yaml"});
  std::erase_if(files,
                [](const fs::path& file) { return !file.stem().string().ends_with("_result"); });
  return files;
}

void copy_files(const std::set<fs::path>& files, const fs::path& to) {
  for (const auto& file : files) {
    fs::create_directories((to / file).parent_path());
    fs::copy_file(pages() / file, to / file);
  }
}

/// The block of code in a page.
std::string example_of(const fs::path& page) {
  const auto text = read_file(page);
  const auto begin = text.find("```yaml\n") + 8;
  return text.substr(begin, text.find("```\n", begin) - begin);
}

}  // namespace

class ReferenceTest : public HostTest {
 protected:
  Result reference(const std::vector<std::string>& arguments) const {
    auto command = reference_command(arguments, folder());
    command.folder = folder();
    return run(command);
  }
};

TEST_F(ReferenceTest, ThePagesAreWhatTheBlocksDeclare) {
  copy_files(results_in(pages()), folder());
  copy_files({"README.md"}, folder());
  write_shipped_pages(folder());
  const std::set<std::string> endings{".md", ".svg"};
  EXPECT_EQ(files_in(folder(), endings), files_in(pages(), endings)) << kUpdate;
  for (const auto& file : files_in(folder(), endings)) {
    EXPECT_EQ(read_file(folder() / file), read_file(pages() / file)) << file << ": " << kUpdate;
  }
}

TEST_F(ReferenceTest, EachBlockThatComesWithVcengineHasAPageAndNothingElseHas) {
  std::set<fs::path> types{"README.md"};
  for (const auto& plugin : shipped_plugins()) {
    const auto described = run_host({"inspect", plugin, "--json"});
    ASSERT_EQ(0, described.status) << described.errors;
    const auto blocks = parse_json(described.output);
    for (const auto& block : blocks.as_array()) {
      auto path = block_info_from_json(block).type + ".md";
      path[path.find('.')] = '/';
      types.insert(path);
    }
  }
  EXPECT_LE(15U, types.size());
  EXPECT_EQ(types, files_in(pages(), {".md"})) << kUpdate;
}

TEST_F(ReferenceTest, TheExampleOfEachPagePassesTheCheckWithoutAWarning) {
  for (const auto& page : files_in(pages(), {".md"})) {
    if (page == "README.md") continue;
    const auto example = example_of(pages() / page);
    EXPECT_TRUE(contains(example, "circuit: ")) << page << " has no whole circuit";
    const auto checked = run_host({"check", circuit(example)});
    EXPECT_EQ(0, checked.status) << page << checked.errors;
    EXPECT_EQ(std::string::npos, checked.errors.find("warning")) << page << checked.errors;
  }
}

TEST_F(ReferenceTest, ThePicturesAreWhatTheBlocksMake) {
  const auto committed = results_in(pages());
  std::set<fs::path> circuits, pictures;
  for (const auto& file : committed) {
    (file.extension() == ".yaml" ? circuits : pictures).insert(file);
  }
  EXPECT_LE(4U, circuits.size());
  copy_files(circuits, folder());
  write_result_pictures(folder());
  EXPECT_EQ(results_in(folder()), committed) << kUpdate;
  for (const auto& file : pictures) {
    EXPECT_THAT(cv::imread((folder() / file).string()),
                HasPsnr(cv::imread((pages() / file).string()), 30))
        << file << ": " << kUpdate;
    EXPECT_LE(fs::file_size(pages() / file), 60'000U) << file;
  }
}

TEST_F(ReferenceTest, AnAuthorsPluginGetsPagesWhichAreWrittenOnceOnly) {
  const auto plugin = (build_folder() / "tests/processes/plugins/test_add.so").string();
  const auto first = reference({plugin, "--folder", "doc", "--index"});
  EXPECT_EQ(0, first.status) << first.errors;
  EXPECT_EQ("doc/test/add.svg\ndoc/test/add.md\ndoc/README.md\n", first.output);
  EXPECT_TRUE(contains(read_file(folder() / "doc/README.md"), "[`test.add`](test/add.md)"));
  EXPECT_TRUE(contains(read_file(folder() / "doc/test/add.md"), "# test.add\n"));
  EXPECT_EQ(std::string::npos,
            read_file(folder() / "doc/test/add.md").find(build_folder().string()));

  const auto again = reference({plugin, "--folder", "doc", "--index"});
  EXPECT_EQ(0, again.status);
  EXPECT_EQ("", again.output);
  EXPECT_TRUE(contains(again.errors, "1 block type, 0 files written"));
}

TEST_F(ReferenceTest, WithoutWordsAllBlocksGetPages) {
  const auto result = reference({});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ(2 * shipped_plugins().size(), lines_of(result.output).size());
  EXPECT_TRUE(fs::exists(folder() / "vision/edge_detector.svg"));
}

TEST_F(ReferenceTest, WhatAPersonWroteIsNotReplaced) {
  fs::create_directory(folder() / "core");
  std::ofstream(folder() / "core/null.md") << "mine";
  const auto result = reference({"core.counter", "core.null"});
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "core/null.md was not written by vcengine reference"));
  EXPECT_EQ("mine", read_file(folder() / "core/null.md"));
  EXPECT_FALSE(fs::exists(folder() / "core/counter.md")) << "nothing is half done";
}

TEST_F(ReferenceTest, MistakesAreNamedWithAWayOut) {
  const auto unknown = reference({"vision.edge_detektor"});
  EXPECT_EQ(2, unknown.status);
  EXPECT_TRUE(contains(unknown.errors, "did you mean 'vision.edge_detector'?"));
  EXPECT_EQ(2, reference({"nowhere.so"}).status);
  const auto option = reference({"--indx"});
  EXPECT_EQ(2, option.status);
  EXPECT_TRUE(contains(option.errors, "vcengine reference --help"));
  EXPECT_TRUE(contains(reference({"--help"}).output, "vcengine reference vision.edge_detector"));
}

TEST_F(ReferenceTest, EveryOptionIsInTheManPage) {
  const std::regex option("--[a-z]+");
  const auto help = reference({"--help"}).output;
  auto man = read_file(source_folder() / "tools/man/vcengine-reference.1");
  std::erase(man, '\\');
  for (std::sregex_iterator match(help.begin(), help.end(), option), end; match != end; ++match) {
    const std::regex entry("\n\\.B[IR]? [^\n]*" + match->str());
    EXPECT_TRUE(std::regex_search(man, entry)) << match->str();
  }
}

TEST_F(ReferenceTest, AFullDiskLeavesTheOldPage) {
  ASSERT_EQ(0, reference({"vision.color_filter"}).status);
  const auto page = folder() / "vision/color_filter.md";
  // One that is out of date, and a limit on the size of files, which stands for the full disk.
  std::ofstream(page, std::ios::app) << "old\n";
  auto command = reference_command({"vision.color_filter"}, folder());
  command.folder = folder();
  command.argv.insert(command.argv.begin(), {"sh", "-c", "ulimit -f 1; exec \"$@\"", "sh"});
  const auto result = run(command);
  EXPECT_EQ(1, result.status);
  EXPECT_TRUE(contains(result.errors, "cannot write"));
  EXPECT_TRUE(read_file(page).ends_with("old\n"));
  EXPECT_FALSE(fs::exists(page.string() + ".part"));
}

}  // namespace vcengine::test
