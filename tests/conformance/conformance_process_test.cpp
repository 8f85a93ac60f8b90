/// `vcengine test` on blocks that each do one thing wrong: the right check says so in the right
/// words, and whatever a block does costs that check alone.
#include <gtest/gtest.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <csignal>
#include <filesystem>
#include <sstream>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

namespace {

std::string block(const std::string& name) {
  return (std::filesystem::path(VCENGINE_TEST_BLOCKS) / (name + ".so")).string();
}

struct Case {
  std::string block;
  std::string check;
  std::string words;
};

void PrintTo(const Case& one, std::ostream* stream) { *stream << one.block; }

bool valgrind_is_there() { return std::system("valgrind --version >/dev/null 2>&1") == 0; }

bool sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  return false;
#endif
}

}  // namespace

class ConformanceTest : public HostTest {
 protected:
  Result test(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "test");
    auto command = host(std::move(arguments));
    command.folder = folder();
    return run(command);
  }
};

TEST_F(ConformanceTest, AGoodBlockPassesEveryCheck) {
  const auto result = test({block("good"), "--frames", "200"});
  EXPECT_EQ(0, result.status) << result.output << result.errors;
  EXPECT_TRUE(contains(result.output, sanitized() ? "7 checks passed, 0 failed, 1 skipped"
                                                  : "8 checks passed, 0 failed, 0 skipped"));
  EXPECT_EQ("", result.errors);
}

class FaultTest : public ConformanceTest, public ::testing::WithParamInterface<Case> {};

TEST_P(FaultTest, IsFoundByItsCheck) {
  const auto& [name, check, words] = GetParam();
  if (check == "growth" && sanitized()) GTEST_SKIP() << "a sanitizer keeps what is freed";
  const auto result =
      test({block(name), "--only", check, "--timeout", name.starts_with("hangs") ? "5s" : "120s"});
  EXPECT_EQ(3, result.status) << result.output << result.errors;
  EXPECT_TRUE(contains(result.output, "✗ " + check + '\n'));
  EXPECT_TRUE(contains(result.output, words));
}

INSTANTIATE_TEST_SUITE_P(
    All, FaultTest,
    ::testing::Values(
        Case{"changing_description", "description", "describes itself differently"},
        Case{"throws_at_maximum", "settings",
             "start() throws at size = 100, which its range allows: no window is that large"},
        Case{"crashes_at_maximum", "settings",
             "crashed (SIGSEGV) at frame 1, size = 100; the last lines it wrote:\n"
             "        the window is larger than the house"},
        Case{"crashes_on_one_pixel", "sizes",
             "crashed (SIGSEGV) at frame 1, pictures of 1x1 from the start"},
        Case{"hangs_on_odd_sizes", "sizes", "hangs: no answer within 5 s at frame 1, pictures of"},
        Case{"forgets_how_to_work", "sizes",
             "after pictures of 1x1, an ordinary frame is no longer worked on: it throws: larger "
             "than the one before"},
        Case{"exits", "types", "ended the process (exit status 0) at frame "},
        Case{"swallows_stopping", "stop", "swallows Stopping"},
        Case{"throws_in_stop", "stop", "stop() throws stopped before the first frame: the lid"},
        Case{"never_recovers", "exceptions",
             "after a loan of output 'out' fails, the next frame is not worked on: it throws: "
             "still broken"},
        Case{"leaks_memory", "growth", "grows by 112 bytes a frame"},
        Case{"leaks_descriptors", "growth", "leaves 1 descriptors open a frame"},
        Case{"leaves_half_unwritten", "determinism",
             "output 'out', frame 1: byte 38400 of 76800 differs (0xca and 0x35); likely: not all "
             "of the loan is written"},
        Case{"uses_the_clock", "determinism",
             "two runs with equal inputs differ: output 'out', frame 1: byte "},
        Case{"writes_to_descriptor_3", "stop",
             "writes to descriptor 3, which it did not open: 'hello'"}),
    [](const auto& one) { return one.param.block; });

bool valgrind_gave_up(const Result& result) {
  return result.output.find("compile with -gdwarf-4") != std::string::npos;
}

TEST_F(ConformanceTest, ValgrindNamesTheLineThatReadsTooFar) {
  if (!valgrind_is_there() || sanitized()) GTEST_SKIP() << "no valgrind, or a sanitizer";
  const auto result = test({block("reads_out_of_bounds"), "--only", "valgrind"});
  if (valgrind_gave_up(result)) GTEST_SKIP() << "valgrind cannot read this compiler's output";
  EXPECT_EQ(3, result.status) << result.output;
  EXPECT_TRUE(contains(result.output, "Invalid read of size 8, in"));
  EXPECT_TRUE(contains(result.output, "reads_out_of_bounds.cpp:"));
}

TEST_F(ConformanceTest, ValgrindPassesAGoodBlock) {
  if (!valgrind_is_there() || sanitized()) GTEST_SKIP() << "no valgrind, or a sanitizer";
  const auto result = test({block("good"), "--only", "valgrind"});
  if (valgrind_gave_up(result)) GTEST_SKIP() << "valgrind cannot read this compiler's output";
  EXPECT_EQ(0, result.status) << result.output;
}

TEST_F(ConformanceTest, WithoutValgrindThatCheckIsSkippedWithAWord) {
  auto command = host({"test", block("good"), "--only", "valgrind"});
  command.environment["PATH"] = folder().string();
  const auto result = run(command);
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "– valgrind: valgrind is not installed"));
}

TEST_F(ConformanceTest, ACacheThatFillsOnceDoesNotGrow) {
  const auto result = test({block("fills_a_cache"), "--only", "growth"});
  EXPECT_EQ(0, result.status) << result.output;
}

TEST_F(ConformanceTest, ATypeThatSaysSoNeedNotBeDeterministic) {
  const auto result = test({block("uses_the_clock_and_says_so"), "--only", "determinism"});
  EXPECT_EQ(0, result.status) << result.output;
  EXPECT_TRUE(contains(result.output, "– determinism: its type says that it is not deterministic"));
}

TEST_F(ConformanceTest, ARefusalThatNamesAnotherSettingIsNoted) {
  const auto result = test({block("low_above_high"), "--only", "settings"});
  EXPECT_EQ(0, result.status) << result.output;
  EXPECT_TRUE(contains(result.output, "note: refuses low = 9: 'low' must not be above 'high'"));
}

TEST_F(ConformanceTest, ABlockThatDoesNotStartIsSkippedWithAHint) {
  const auto result = test({block("needs_a_file"), "--only", "stop"});
  EXPECT_EQ(0, result.status) << result.output;
  EXPECT_TRUE(contains(result.output,
                       "– stop: it does not start: 'path' is empty; a setting may help: --set "
                       "path=…"));
}

TEST_F(ConformanceTest, WhatIsSkippedFailsIfItMustNotBe) {
  const auto result = test({block("needs_a_file"), "--only", "stop", "--strict"});
  EXPECT_EQ(3, result.status) << result.output;
  EXPECT_TRUE(contains(result.output, "✗ stop\n      was skipped (--strict): it does not start"));
}

TEST_F(ConformanceTest, ASettingIsGivenToTheBlockAsACircuitWouldGiveIt) {
  for (const std::string setting :
       {"path=sample.txt", "conformance.needs_a_file.path=sample.txt"}) {
    const auto result = test({block("needs_a_file"), "--frames", "40", "--set", setting});
    EXPECT_EQ(0, result.status) << result.output << result.errors;
    EXPECT_TRUE(contains(result.output, "✓ stop"));
    EXPECT_TRUE(contains(result.output, sanitized() ? "5 checks passed, 0 failed, 3 skipped"
                                                    : "6 checks passed, 0 failed, 2 skipped"));
  }
}

TEST_F(ConformanceTest, APluginThatCrashesWhenItIsDescribedIsAFailedCheckAndTheRestGoesOn) {
  const auto bad = misbehaving("crash_in_constructor") / "crash_in_constructor.so";
  const auto result = test({bad.string(), block("good"), "--only", "description"});
  EXPECT_EQ(3, result.status) << result.output;
  EXPECT_TRUE(contains(result.output, "crashed while it was described (SIGSEGV)"));
  EXPECT_TRUE(contains(result.output, "1 check passed, 1 failed, 0 skipped"));
}

TEST_F(ConformanceTest, WhatIsNoPluginIsABadCommandLineAndTheRestGoesOn) {
  const auto bad = misbehaving("text_file") / "text_file.so";
  const auto result = test({bad.string(), block("good"), "--only", "description"});
  EXPECT_EQ(2, result.status) << result.output;
  EXPECT_TRUE(contains(result.errors, "text_file.so: is not a shared library"));
  EXPECT_TRUE(contains(result.output, "1 check passed, 0 failed, 0 skipped"));
}

TEST_F(ConformanceTest, RefusesABadCommandLine) {
  const std::pair<std::vector<std::string>, std::string> kBad[] = {
      {{}, "no plugin is named"},
      {{"/nowhere/x.so"}, "no such file or folder: '/nowhere/x.so'"},
      {{folder().string()}, "no plugin (*.so) is in"},
      {{block("good"), "--only", "size"}, "there is no check 'size'"},
      {{block("good"), "--set", "count"}, "--set count: write --set name=value"},
      {{block("good"), "--set", "cuont=3"}, "no type has a setting 'cuont'; did you mean 'count'?"},
      {{block("good"), "--set", "count=99"}, "'count' must be in [1, 9], not 99"},
      {{block("good"), "--timeout", "soon"}, "'soon' is no duration"},
  };
  for (const auto& [arguments, words] : kBad) {
    const auto result = test(arguments);
    EXPECT_EQ(2, result.status) << words;
    EXPECT_TRUE(contains(result.errors, words));
  }
}

TEST_F(ConformanceTest, AFolderOfThatNameDoesNotHideTheProgram) {
  std::filesystem::create_directory(folder() / "test");
  const auto result = test({block("good"), "--only", "description"});
  EXPECT_EQ(0, result.status) << result.errors;
}

TEST_F(ConformanceTest, TheReportForCiIsWrittenWhenChecksFail) {
  const auto file = folder() / "report.xml";
  const auto result = test(
      {block("crashes_on_one_pixel"), block("good"), "--only", "sizes", "--junit", file.string()});
  EXPECT_EQ(3, result.status) << result.errors;
  std::istringstream stream(read_file(file));
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(stream, tree);
  EXPECT_EQ(2, tree.get<int>("testsuites.<xmlattr>.tests"));
  EXPECT_EQ(1, tree.get<int>("testsuites.<xmlattr>.failures"));
}

TEST_F(ConformanceTest, AFullDiskIsNoSuccess) {
  const auto result = test({block("good"), "--only", "description", "--junit", "/dev/full"});
  EXPECT_EQ(1, result.status);
  EXPECT_TRUE(contains(result.errors, "cannot write '/dev/full': No space left on device"));
}

TEST_F(ConformanceTest, WritesPlainWordsWhereTheTerminalHasNoUtf8) {
  auto command =
      host({"test", block("uses_the_clock"), "--only", "description", "--only", "determinism"});
  command.environment["LC_ALL"] = "C";
  const auto result = run(command);
  EXPECT_TRUE(contains(result.output, "  ok      description\n"));
  EXPECT_TRUE(contains(result.output, "  FAILED  determinism\n"));
}

TEST_F(ConformanceTest, LeavesNothingBehind) {
  auto command = host({"test", block("leaks_descriptors"), block("crashes_on_one_pixel"), "--only",
                       "sizes", "--only", "determinism"});
  command.environment["TMPDIR"] = folder().string();
  run(command);
  EXPECT_TRUE(std::filesystem::is_empty(folder()));
}

TEST_F(ConformanceTest, LeavesNothingBehindWhenItIsTerminated) {
  auto command = host({"test", block("hangs_on_odd_sizes"), "--only", "sizes"});
  command.environment["TMPDIR"] = folder().string();
  Process process(command);
  process.wait_until([&] { return !children_of(process.pid()).empty(); }, "a checking child");
  process.wait_until([&] { return !std::filesystem::is_empty(folder()); }, "its folder");
  process.signal(SIGTERM);
  EXPECT_EQ(143, process.wait());
  EXPECT_TRUE(eventually([&] { return std::filesystem::is_empty(folder()); }));
}

TEST_F(ConformanceTest, AllShippedBlocksSurvive) {
  const auto result = test({(build_folder() / "lib/vcengine/plugins").string(), "--frames", "200",
                            "--set", "io.video_file.path=" + footage("vtest.avi").string(), "--set",
                            "io.image_file.path=" + footage("box.png").string()});
  EXPECT_EQ(0, result.status) << result.output << result.errors;
  EXPECT_TRUE(contains(result.output, "vision.edge_detector"));
}

}  // namespace vcengine::test
