/// The options of `vcengine CIRCUIT` and the exit statuses that its --help promises.
#include <gtest/gtest.h>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kEndless =
    "circuit: endless\n"
    "blocks:\n"
    "  count: {type: core.counter}\n"
    "  sink: {type: core.null}\n"
    "wires: [count.number -> sink.in]\n";

}  // namespace

class CommandLineTest : public HostTest {};

TEST_F(CommandLineTest, FramesEndsEachSourceAfterSoMany) {
  const auto figures = figures_of({circuit(kEndless), "--frames", "123"});
  EXPECT_EQ("endless", figures.circuit);
  EXPECT_EQ(123, figures.blocks.at("sink").frames);
}

TEST_F(CommandLineTest, ForEndsAnEndlessCircuitCleanly) {
  const auto figures = figures_of({circuit(kEndless), "--for", "200ms"});
  const auto& wire = figures.wires.at("sink.in");
  EXPECT_LT(0, wire.published);
  EXPECT_EQ(wire.published, wire.taken);
}

TEST_F(CommandLineTest, SetOverridesASettingOfTheFile) {
  const auto figures = figures_of({circuit(kEndless), "--set", "count.count=7"});
  EXPECT_EQ(7, figures.blocks.at("sink").frames);
}

TEST_F(CommandLineTest, FastIsFasterThanTheSourcesRateAndPacedIsNot) {
  const auto text = circuit(
      "blocks:\n"
      "  pattern: {type: io.test_pattern, params: {width: 64, height: 48, rate: 20, frames: 21}}\n"
      "  sink: {type: test.recorder}\n"
      "wires: [pattern.frames -> sink.in]\n");
  const auto seconds = [&](const std::string& pace) {
    const auto result = run_host({text, "--json", pace});
    EXPECT_EQ(0, result.status) << result.errors;
    EXPECT_EQ(21U, recorded("recorded.txt").size());
    const auto at = result.output.find("\"running_ns\":") + 13;
    return std::stod(result.output.substr(at)) / 1e9;
  };
  EXPECT_LE(1.0, seconds("--paced"));  // 20 steps of 50 ms
  seconds("--fast");                   // has no upper bound to test; it ends
}

TEST_F(CommandLineTest, PacedAndFastExcludeEachOther) {
  const auto result = run_host({circuit(kEndless), "--paced", "--fast"});
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "--fast"));
}

TEST_F(CommandLineTest, QuietSaysNothingAtAllWhenAllIsWell) {
  const auto result = run_host({circuit(kEndless), "--quiet", "--frames", "10"});
  EXPECT_EQ(0, result.status);
  EXPECT_EQ("", result.errors);
  EXPECT_EQ("", result.output);
}

TEST_F(CommandLineTest, QuietStillSaysWhatWentWrong) {
  const auto result = run_host(
      {circuit("blocks: {video: {type: io.video_file, params: {path: none.avi}}}\n"), "--quiet"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "none.avi"));
}

TEST_F(CommandLineTest, WithoutQuietATableOfBlocksAndOneOfWiresEndTheRun) {
  const auto result = run_host({circuit(kEndless), "--frames", "10"});
  EXPECT_EQ("", result.output);
  EXPECT_TRUE(contains(result.errors, "endless ran for "));
  EXPECT_TRUE(contains(result.errors, "process p50"));
  EXPECT_TRUE(contains(result.errors, "published"));
}

TEST_F(CommandLineTest, JsonIsAllThatIsOnStdout) {
  const auto result =
      run_host({circuit("blocks:\n  count: {type: core.counter, params: {count: 3}}\n"
                        "  print: {type: io.print}\n"
                        "wires: [count.number -> print.in]\n"),
                "--json"});
  EXPECT_EQ(3, parse_report(result.output).blocks.at("print").frames);
  EXPECT_TRUE(contains(result.errors, "[print] 3 "));  // what blocks print went elsewhere
}

TEST_F(CommandLineTest, WithoutJsonStdoutIsWhatBlocksPrint) {
  const auto result =
      run_host({circuit("blocks:\n  count: {type: core.counter, params: {count: 3}}\n"
                        "  print: {type: io.print}\n"
                        "wires: [count.number -> print.in]\n")});
  const auto lines = lines_of(result.output);
  ASSERT_EQ(3U, lines.size()) << result.output;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(lines[i].starts_with("[print] " + std::to_string(i + 1) + "  ")) << lines[i];
  }
}

TEST_F(CommandLineTest, HelpAndVersionSucceedAndNameTheExitStatuses) {
  const auto help = run_host({"--help"});
  EXPECT_EQ(0, help.status);
  for (const auto* part : {"--for", "--frames", "--paced", "--fast", "--set", "--quiet", "--json",
                           "--plugins", "Exit status: 0", "130", "143"}) {
    EXPECT_TRUE(contains(help.output, part));
  }
  const auto version = run_host({"--version"});
  EXPECT_EQ(0, version.status);
  EXPECT_TRUE(version.output.starts_with("vcengine ")) << version.output;
}

TEST_F(CommandLineTest, NonsenseIsRefusedWithAWayOut) {
  EXPECT_EQ(2, run_host({}).status);
  const auto unknown = run_host({circuit(kEndless), "--fames", "3"});
  EXPECT_EQ(2, unknown.status);
  EXPECT_TRUE(contains(unknown.errors, "--fames"));
  const auto duration = run_host({circuit(kEndless), "--for", "soon"});
  EXPECT_EQ(2, duration.status);
  EXPECT_TRUE(contains(duration.errors, "'soon' is no duration: write 10s"));
  EXPECT_EQ(2, run_host({circuit(kEndless), "--frames", "0"}).status);
}

TEST_F(CommandLineTest, AnUnknownWordIsNoProgram) {
  const auto result = run_host({"dance"});
  EXPECT_NE(0, result.status);
  EXPECT_TRUE(contains(result.errors, "dance"));
}

TEST_F(CommandLineTest, CheckStartsNothingAndSaysNothingWrongOfAGoodCircuit) {
  const auto result = run_host({"check", circuit(kEndless)});
  EXPECT_EQ(0, result.status) << result.errors;
}

TEST_F(CommandLineTest, InspectListsTypesAndDescribesOne) {
  const auto list = run_host({"inspect"});
  EXPECT_EQ(0, list.status);
  EXPECT_TRUE(contains(list.output, "vision.edge_detector"));
  const auto one = run_host({"inspect", "vision.edge_detector"});
  EXPECT_EQ(0, one.status);
  EXPECT_TRUE(contains(one.output, "Gradients below: never edges"));
}

TEST_F(CommandLineTest, BlocksThatSpinGiveTheSameResult) {
  const auto file = circuit(
      "blocks:\n"
      "  count: {type: core.counter, params: {count: 2000}}\n"
      "  sink: {type: test.recorder}\n"
      "wires: [count.number -> sink.in]\n");
  for (const char* spin : {"0s", "1ms"}) {
    EXPECT_EQ(run_host({file, "--quiet", "--spin", spin}).status, 0) << spin;
    EXPECT_EQ(recorded("recorded.txt").size(), 2000U) << spin;
  }
  const auto refused = run_host({file, "--spin", "often"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_TRUE(contains(refused.errors, "--spin")) << refused.errors;
}

}  // namespace vcengine::test
