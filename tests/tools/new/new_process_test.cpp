/// `vcengine new` from end to end: what it writes builds without a warning, passes its test and
/// runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/install/installed.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

constexpr const char* kWarnings =
    "-O0 -Wall -Wextra -Wpedantic -Wcast-align -Wconversion -Wextra-semi -Wformat=2 "
    "-Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wshadow -Wsuggest-override "
    "-Wno-sign-conversion -Werror";

using Words = std::vector<std::string>;

const Words kTypes{"Bgr8",  "Gray8",      "Image",     "Number",     "Text",
                   "Bytes", "Array<f32>", "Array<i8>", "Array<u64>", "Any"};

/// One output of each type.
Words all_outputs() {
  Words words;
  for (const auto& type : kTypes) {
    if (type == "Any") continue;  // no output is
    words.insert(words.end(), {"--out", "out_" + std::to_string(words.size()) + ":" + type});
  }
  return words;
}

Words all_params() {
  return {"--param", "low:int:0..10=3",
          "--param", "mode:text:a|b",
          "--param", "model:path=x",
          "--param", "wait:duration:0s..10s=50ms",
          "--param", "gain:float:-1..1=0.1",
          "--param", "loop:bool=true",
          "--param", "big:int:0..99999999999=7",
          "--param", "scale:double=-2.5"};
}

}  // namespace

class NewProcessTest : public InstalledTest {
 protected:
  const fs::path prefix_ = VCENGINE_TEST_PREFIX;

  /// `vcengine new …`, as installed.
  Result make(Words words) const {
    words.insert(words.begin(), {"vcengine", "new"});
    return run(with(prefix_, std::move(words)));
  }
  Result shell(const std::string& script) const {
    return run(with(prefix_, {"bash", "-e", "-c", script}));
  }
  void make_block(const std::string& name, const Words& words) {
    Words all{"block", name};
    all.insert(all.end(), words.begin(), words.end());
    const auto made = make(all);
    ASSERT_EQ(0, made.status) << made.errors;
    blocks_.push_back(name);
  }

  /// A project of all blocks made so far.
  void build(const std::string& lines) const {
    std::ofstream(folder() / "CMakeLists.txt")
        << "cmake_minimum_required(VERSION 3.25)\nproject(blocks LANGUAGES CXX)\n"
           "find_package(vcengine REQUIRED)\ninclude(CTest)\n"
        << lines;
    const auto built = shell(std::string("cmake -S . -B build -D CMAKE_CXX_FLAGS='") + kWarnings +
                             "' && cmake --build build -j2");
    ASSERT_EQ(0, built.status) << built.output << built.errors;
  }

  std::vector<std::string> blocks_;
};

TEST_F(NewProcessTest, TheDefaultBlockBuildsPassesItsTestAndRunsByTheFourLinesThatAreShown) {
  const auto made = make({"block", "edge_finder"});
  ASSERT_EQ(0, made.status) << made.errors;
  const auto lines = lines_of(made.output);
  ASSERT_EQ(6U, lines.size()) << made.output;
  const auto script = lines[2] + "\n" + lines[3] + "\n" + lines[4] + "\n" + lines[5];

  const auto result = shell("export CXXFLAGS='-Wall -Wextra -Werror'\n" + script);
  EXPECT_EQ(0, result.status) << result.output << result.errors;
  EXPECT_TRUE(contains(result.output, "100% tests passed, 0 tests failed out of 3"));
  EXPECT_TRUE(contains(result.errors, "pattern.frames → edge_finder.image"));
  EXPECT_TRUE(contains(result.errors, " 300    300 "));
}

TEST_F(NewProcessTest, EachTypeReadInEachWayBecomesEachTypeWithoutAWarning) {
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    for (const std::string mode : {"", ":latest", ":optional", ":many"}) {
      const auto name = "block_" + std::to_string(i) + (mode.empty() ? "" : "_" + mode.substr(1));
      auto words = all_outputs();
      const auto params = all_params();
      words.insert(words.end(), params.begin(), params.end());
      words.insert(words.end(), {"--in", "value:" + kTypes[i] + mode});
      if (mode != ":many") words.insert(words.end(), {"--out", "same:SameAs:value"});
      make_block(name, words);
    }
    make_block("sink_" + std::to_string(i), {"--in", "value:" + kTypes[i]});
  }
  make_block("source", all_outputs());
  make_block("sum",
             {"--in", "a:Number", "--in", "b:Number", "--out", "c:Number", "--out", "d:Text"});

  // All in one program, for speed: there, a plugin's entry would stand once for each block.
  std::ofstream all(folder() / "all_test.cpp");
  all << "#include <vcengine/block.hpp>\n#undef VCENGINE_PLUGIN\n#define JOIN(a, b) a##b\n"
         "#define NAME(line) JOIN(register_types_, line)\n"
         "#define VCENGINE_PLUGIN(registry) \\\n"
         "  [[maybe_unused]] static void NAME(__COUNTER__)(vcengine::Registry & registry)\n";
  for (const auto& block : blocks_) {
    all << "#include \"" << block << "/" << block << "_test.cpp\"\n";
  }
  all.close();
  build("vcengine_add_block_test(all_test all_test.cpp LIBRARIES opencv_imgproc)\n");
  const auto tested = shell("build/all_test");
  EXPECT_EQ(0, tested.status) << tested.output;
  // One test of what each block does, and one of limits where there are settings.
  const auto tests = blocks_.size() + 4 * kTypes.size();
  EXPECT_TRUE(contains(tested.output, std::to_string(tests) + " tests from"));
}

TEST_F(NewProcessTest, TheCircuitOfABlockRunsWhateverItsPortsAre) {
  make_block("source", all_outputs());
  make_block("sink", {"--in", "image:Image"});
  make_block("greys", {"--in", "image:Gray8:many", "--out", "number:Number"});
  make_block("mixed", {"--in", "image:Bgr8", "--in", "number:Number:optional", "--in",
                       "text:Text:latest", "--out", "same:SameAs:image"});
  make_block("reader", {"--in", "number:Number:latest", "--out", "text:Text", "--param",
                        "title:text=a: '${b}' # \"c\""});
  std::string lines;
  for (const auto& block : blocks_) lines += "add_subdirectory(" + block + ")\n";
  build("set(BUILD_TESTING OFF)\n" + lines);
  for (const auto& block : blocks_) {
    const auto result = run(with(prefix_, {"vcengine", block + "/" + block + ".yaml", "--plugins",
                                           "plugins", "--frames", "40", "--json"}));
    ASSERT_EQ(0, result.status) << block << result.errors;
    const auto report = parse_report(result.output.substr(result.output.find('{')));
    const auto own = report.blocks.find(block);
    ASSERT_NE(own, report.blocks.end()) << block;
    EXPECT_GT(own->second.frames, 0) << block;
    EXPECT_EQ(own->second.exceptions, 0) << block;
  }
}

TEST_F(NewProcessTest, ACircuitOfTypesPassesTheCheckAndRuns) {
  const auto made = make({"circuit", "street", "io.test_pattern", "vision.edge_detector",
                          "vision.overlay", "io.screen"});
  ASSERT_EQ(0, made.status) << made.errors;
  const auto result = shell("vcengine check street.yaml && vcengine street.yaml --frames 5");
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "test_pattern.frames → overlay.image"));
}

TEST_F(NewProcessTest, ACircuitWithoutTypesShowsAPattern) {
  ASSERT_EQ(0, make({"circuit", "plain"}).status);
  const auto result = shell("vcengine plain.yaml");
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "source.frames → view.image"));
}

TEST_F(NewProcessTest, EveryShippedSourceCanBeWiredToASink) {
  for (const std::string source :
       {"io.video_file", "io.camera", "io.image_file", "io.test_pattern"}) {
    const auto name = "with_" + source.substr(3);
    ASSERT_EQ(0, make({"circuit", name, source, "core.null"}).status);
    EXPECT_EQ(0, shell("vcengine check " + name + ".yaml").status) << name;
  }
}

TEST_F(NewProcessTest, RefusesWithStatusTwoAndWritesNothing) {
  const std::vector<std::pair<Words, std::string>> refused{
      {{"block", "EdgeFinder"}, ": edge_finder"},
      {{"block", "class"}, "C++ has a meaning for it"},
      {{"block", "finder", "--in", "a:Brg8"}, "did you mean 'Bgr8'?"},
      {{"block", "finder", "--in", "a:Bgr8", "--out", "a:Bgr8"}, "there is --in 'a' already"},
      {{"block", "finder", "--in", "stop:Bgr8"}, "every block has a function"},
      {{"block", "finder", "--param", "low:int:0..9=10"}, "'low' must be in [0, 9], not 10"},
      {{"block", "finder", "--param", "low:int:9..0"}, "ends below its begin"},
      {{"block", "finder", "--folder", "no/where"}, "mkdir -p no/where"},
      {{"block"}, "name is required"},
      {{"blok", "finder"}, "vcengine new --help"},
      {{"circuit", "Street"}, "circuit name"},
      {{"circuit", "street", "io.test_patern"}, "io.test_pattern"},
      {{"circuit", "street", "core.counter", "io.screen"}, "core.counter sends number: number"}};
  for (const auto& [words, part] : refused) {
    const auto made = make(words);
    EXPECT_EQ(2, made.status) << part;
    EXPECT_TRUE(contains(made.errors, part));
    EXPECT_EQ("", made.output) << part;
  }
  for (const auto& entry : fs::directory_iterator(folder())) {
    EXPECT_EQ(".cache", entry.path().filename());  // the host's, of the plugins it described
  }
}

TEST_F(NewProcessTest, NeverOverwritesAnything) {
  ASSERT_EQ(0, make({"block", "finder"}).status);
  std::ofstream(folder() / "finder/finder.cpp") << "mine";
  const auto again = make({"block", "finder"});
  EXPECT_EQ(2, again.status);
  EXPECT_TRUE(contains(again.errors, "finder is there already"));
  EXPECT_EQ("mine", read_file(folder() / "finder/finder.cpp"));
}

TEST_F(NewProcessTest, AFullDiskLeavesNothingBehind) {
  // A limit on the size of files stands for the full disk: the block's source is larger than that.
  const auto result = shell("ulimit -f 1; vcengine new block finder --doc \"$(printf %02000d 0)\"");
  EXPECT_EQ(1, result.status) << result.output;
  EXPECT_TRUE(contains(result.errors, "cannot write finder/"));
  EXPECT_FALSE(fs::exists(folder() / "finder"));
}

TEST_F(NewProcessTest, HelpAndTypesArePrinted) {
  EXPECT_TRUE(contains(make({"--help"}).output, "vcengine new circuit street"));
  EXPECT_TRUE(contains(make({"block", "--help"}).output, "Usage: vcengine new block"));
  EXPECT_TRUE(contains(make({"--list-types"}).output, "std::span<const float>"));
}

}  // namespace vcengine::test
