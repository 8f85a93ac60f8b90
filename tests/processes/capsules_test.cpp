/// Crash capsules: what a block died of is kept, and `vcengine rerun` makes that call once more.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/processes/support/controlled_circuit.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

class CapsulesTest : public ControlledTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  /// However busy the machine is, there is a capsule.
  Command host(std::vector<std::string> arguments) const {
    auto command = HostTest::host(std::move(arguments));
    command.environment["VCENGINE_CAPSULE_WAIT_MS"] = "60000";
    return command;
  }
  Result run_host(std::vector<std::string> arguments) const {
    return run(host(std::move(arguments)));
  }

  fs::path capsules() const { return folder() / ".local/state/vcengine/capsules"; }

  std::string circuit_of(const std::string& bad, const std::string& defaults = "") const {
    return circuit(
        "circuit: trial\n"
        "defaults: {backoff: {first: 1ms}" +
        defaults +
        "}\n"
        "blocks:\n"
        "  count: {type: core.counter, params: {count: 60}}\n"
        "  bad: {" +
        bad +
        "}\n"
        "  sink: {type: core.null}\n"
        "wires:\n"
        "  - count.number -> bad.in\n"
        "  - bad.out -> sink.in\n");
  }

  /// Of the first capsule that the host named.
  static std::string capsule_in(const std::string& errors) {
    const std::string mark = ": vcengine rerun ";
    for (const auto& line : lines_of(errors)) {
      const auto at = line.find(mark);
      if (at != line.npos) return line.substr(at + mark.size());
    }
    ADD_FAILURE() << "no capsule: " << errors;
    return {};
  }

  /// The line that says how the block died, from its signal on.
  static std::string death_in(const std::string& errors) {
    std::string death;
    for (const auto& line : lines_of(errors)) {
      if (line.starts_with("worker trial/bad died (")) death = line;
    }
    return death;
  }

  Result rerun(const std::string& capsule, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"rerun", capsule});
    return run_host(std::move(more));
  }

  /// "crash_on.cpp:19"
  static std::string place_of(const std::string& file, const std::string& mark) {
    std::ifstream source(source_folder() / "tests/processes/plugins" / file);
    std::string line;
    for (int number = 1; std::getline(source, line); ++number) {
      if (line.find(mark) != std::string::npos) return file + ":" + std::to_string(number);
    }
    ADD_FAILURE() << file << " has no '" << mark << "'";
    return {};
  }
};

TEST_F(CapsulesTest, ARerunDiesAtTheSameSourceLineTenTimesOfTen) {
  const auto died = run_host({circuit_of("type: test.crash_on, params: {number: 42}")});
  EXPECT_EQ(0, died.status) << died.errors;
  const auto capsule = capsule_in(died.errors);
  const auto death = death_in(died.errors);
  EXPECT_TRUE(contains(death, "(SIGSEGV) at frame 42"));
  EXPECT_TRUE(contains(death, place_of("crash_on.cpp", "nowhere) = 1")));
  for (int time = 0; time < 10; ++time) {
    const auto again = rerun(capsule);
    EXPECT_EQ(3, again.status);
    EXPECT_EQ(death, death_in(again.errors));
  }
}

TEST_F(CapsulesTest, ARerunDiesAtTheSameSourceLineWhereTheFrameWasTriedAgain) {
  const auto died =
      run_host({circuit_of("type: test.crash_on, params: {number: 42}", ", on_crash: retry")});
  EXPECT_EQ(0, died.status) << died.errors;
  const auto again = rerun(capsule_in(died.errors));
  EXPECT_EQ(3, again.status);
  EXPECT_EQ(death_in(died.errors), death_in(again.errors));
}

// Who is not started again holds its frames no longer than the copying takes.
TEST_F(CapsulesTest, ABlockThatIsNeverStartedAgainLeavesACapsuleToo) {
  const auto died =
      run_host({circuit_of("type: test.crash_on, params: {number: 42}, restart: never")});
  EXPECT_EQ(3, died.status) << died.errors;
  EXPECT_EQ(3, rerun(capsule_in(died.errors)).status);
}

TEST_F(CapsulesTest, ARerunHasTheFramesOfAllInputsTheLatestTheStateAndTheVariables) {
  const auto died =
      run_host({circuit("circuit: trial\n"
                        "defaults: {backoff: {first: 1ms}}\n"
                        "blocks:\n"
                        "  count: {type: core.counter, params: {count: 30}}\n"
                        "  times: {type: core.scale, params: {factor: 10}}\n"
                        "  bad: {type: test.crash_on_join, params: {number: 21}, "
                        "env: {WORD: said}}\n"
                        "wires:\n"
                        "  - count.number -> times.in\n"
                        "  - count.number -> bad.in\n"
                        "  - times.out -> bad.with\n"
                        "  - times.out -> bad.latest\n")});
  EXPECT_EQ(0, died.status) << died.errors;
  const auto lines = lines_of(died.output);
  const auto last = std::ranges::find_if(
      lines, [](const auto& line) { return line.starts_with("[bad] in 21 "); });
  ASSERT_NE(lines.end(), last) << died.output;
  EXPECT_TRUE(contains(*last, " with 210 "));
  EXPECT_TRUE(contains(*last, " sum 210 "));  // 1 + 2 + … + 20
  EXPECT_TRUE(contains(*last, " word said "));
  const auto again = rerun(capsule_in(died.errors));
  EXPECT_EQ(3, again.status);
  EXPECT_EQ(*last + '\n', again.output);
  EXPECT_EQ(death_in(died.errors), death_in(again.errors));
}

TEST_F(CapsulesTest, ARerunHasTheSettingsThatWereTuned) {
  Process sut(
      host({circuit("circuit: trial\n"
                    "blocks:\n"
                    "  count: {type: core.counter, rate: 200}\n"
                    "  bad: {type: test.crash_on, restart: never}\n"
                    "  sink: {type: core.null}\n"
                    "wires: [count.number -> bad.in, bad.out -> sink.in]\n")}));
  wait_until_running();
  expect_done({"pause", "count"});
  expect_done({"set", "bad.number=" + std::to_string(frames("count") + 1)});
  expect_done({"resume"});
  EXPECT_EQ(3, sut.wait()) << sut.errors();
  EXPECT_EQ(3, rerun(capsule_in(sut.errors())).status);
}

TEST_F(CapsulesTest, WhoIsKilledBetweenTwoFramesLeavesNone) {
  Process sut(
      host({circuit("circuit: trial\n"
                    "blocks:\n"
                    "  count: {type: core.counter, rate: 0.001}\n"
                    "  sink: {type: core.null, restart: never}\n"
                    "wires: [count.number -> sink.in]\n")}));
  wait_until_running();
  EXPECT_TRUE(eventually([&] { return frames("sink") == 1; }));
  for (const auto& worker : workers_of(sut.pid())) {
    if (worker.name.ends_with("/sink")) ::kill(worker.pid, SIGKILL);
  }
  EXPECT_EQ(3, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "worker trial/sink died (SIGKILL)"));
  EXPECT_FALSE(contains(sut.errors(), "capsule"));
}

TEST_F(CapsulesTest, ARerunOfWhatHungHangsForAsLongAndIsKilled) {
  const auto plugins = misbehaving("hangs").string();
  const auto died = run_host({circuit_of("type: misbehaving.hangs, timeout: 200ms, restart: never"),
                              "--plugins", plugins});
  EXPECT_EQ(3, died.status) << died.errors;
  const auto again = rerun(capsule_in(died.errors));
  EXPECT_EQ(3, again.status);
  EXPECT_TRUE(contains(again.errors, "block bad hangs, in process(); killed"));
}

TEST_F(CapsulesTest, ARerunOfWhatExitedExits) {
  const auto died = run_host({circuit_of("type: misbehaving.exits, restart: never"), "--plugins",
                              misbehaving("exits").string()});
  EXPECT_EQ(3, died.status) << died.errors;
  const auto again = rerun(capsule_in(died.errors));
  EXPECT_EQ(3, again.status);
  EXPECT_TRUE(contains(again.errors, "worker trial/bad ended by itself with status "));
}

// trouble.cpp takes its orders away before it obeys: the second time there is none.
TEST_F(CapsulesTest, WhatDoesNotFailAgainReturns) {
  const auto orders = folder() / "orders.txt";
  std::ofstream(orders) << "crash";
  const auto died = run_host({circuit("circuit: trial\n"
                                      "defaults: {backoff: {first: 1ms}}\n"
                                      "blocks:\n"
                                      "  source: {type: test.marked_source, rate: 200}\n"
                                      "  bad: {type: test.troubled_copy, params: {orders: \"" +
                                      orders.string() +
                                      "\"}}\n"
                                      "  sink: {type: core.null}\n"
                                      "wires: [source.frames -> bad.in, bad.out -> sink.in]\n"),
                              "--frames", "20"});
  EXPECT_EQ(0, died.status) << died.errors;
  const auto capsule = capsule_in(died.errors);
  const auto fixed = rerun(capsule);
  EXPECT_EQ(0, fixed.status) << fixed.errors;
  EXPECT_TRUE(contains(fixed.errors, "block bad: process() returned"));
  std::ofstream(orders) << "throw";
  const auto thrown = rerun(capsule);
  EXPECT_EQ(3, thrown.status);
  EXPECT_TRUE(contains(thrown.errors, "block bad failed: process() threw: ordered to throw"));
}

TEST_F(CapsulesTest, AnotherBuildOfThePluginIsSaidToBeOne) {
  const auto died = run_host({circuit_of("type: test.crash_on, params: {number: 42}")});
  const fs::path capsule = capsule_in(died.errors);
  const auto file = capsule / "capsule.json";
  auto text = read_file(file);
  const std::string mark = "\"build_id\":\"";
  const auto at = text.find(mark);
  ASSERT_NE(text.npos, at);
  if (text[at + mark.size()] == '"') GTEST_SKIP() << "this linker makes no build ids";
  EXPECT_FALSE(contains(rerun(capsule).errors, "another build"));
  text.replace(at + mark.size(), 2, "zz");
  std::ofstream(file) << text;
  const auto again = rerun(capsule);
  EXPECT_TRUE(contains(again.errors, "the plugin is another build than the one that died"));
  EXPECT_EQ(3, again.status);
}

TEST_F(CapsulesTest, WhatTheBlockWroteLastAndHowLongItRanIsInItsCapsule) {
  const auto died =
      run_host({circuit("circuit: trial\n"
                        "defaults: {backoff: {first: 1ms}}\n"
                        "blocks:\n"
                        "  count: {type: core.counter, params: {count: 30}}\n"
                        "  bad: {type: test.crash_on_join, params: {number: 21}}\n"
                        "wires: [count.number -> bad.in, count.number -> bad.latest]\n")});
  const auto text = read_file(fs::path(capsule_in(died.errors)) / "capsule.json");
  EXPECT_TRUE(contains(text, "in 20 with -1 latest "));
  EXPECT_FALSE(contains(text, "\"running_ns\":0"));
}

TEST_F(CapsulesTest, ACapsuleGoesWhereTheUserSays) {
  const auto text = circuit_of("type: test.crash_on, params: {number: 42}");
  const auto elsewhere = folder() / "else where";
  const auto died = run_host({text, "--capsules", elsewhere.string()});
  EXPECT_TRUE(contains(died.errors, "vcengine rerun '" + elsewhere.string() + "/trial-bad-"));
  const auto none = run_host({text, "--capsules", "none"});
  EXPECT_FALSE(contains(none.errors, "capsule"));
  EXPECT_FALSE(fs::exists(capsules()));
}

TEST_F(CapsulesTest, WhatIsNoCapsuleIsRefusedInWords) {
  const auto missing = rerun((folder() / "nothing").string());
  EXPECT_EQ(2, missing.status);
  EXPECT_TRUE(contains(missing.errors, "nothing/capsule.json: cannot be read (No such file"));
  fs::create_directory(folder() / "garbage");
  std::ofstream(folder() / "garbage/capsule.json") << "{\"format\": 1, \"layout_major\": ";
  const auto garbage = rerun((folder() / "garbage").string());
  EXPECT_EQ(2, garbage.status);
  EXPECT_TRUE(contains(garbage.errors, "garbage/capsule.json: "));
}

TEST_F(CapsulesTest, APluginThatIsGoneIsNamed) {
  const auto plugin = folder() / "plugins" / "crash_on.so";
  fs::create_directory(plugin.parent_path());
  fs::copy(build_folder() / "tests/processes/plugins/test_crash_on.so", plugin);
  const auto died = run_host({circuit_of("type: test.crash_on, params: {number: 42}"), "--plugins",
                              plugin.parent_path().string()});
  fs::remove(plugin);
  const auto again = rerun(capsule_in(died.errors));
  EXPECT_EQ(1, again.status);
  EXPECT_TRUE(contains(again.errors, "cannot be read (No such file"));
}

TEST_F(CapsulesTest, AFullDiskCostsTheCapsuleAndNothingElse) {
  const auto disk = folder() / "disk";
  fs::create_directories(disk);
  auto command = host({circuit("circuit: trial\n"
                               "defaults: {backoff: {first: 1ms}}\n"
                               "blocks:\n"
                               "  count: {type: core.counter, params: {count: 60}}\n"
                               "  bad: {type: test.crash_on, params: {number: 42}}\n"
                               "  sink: {type: test.recorder}\n"
                               "wires: [count.number -> bad.in, bad.out -> sink.in]\n"),
                       "--capsules", (disk / "capsules").string()});
  const std::vector<std::string> starter = {
      "unshare",
      "-m",
      "sh",
      "-ec",
      "mount -t tmpfs -o size=24k none \"$HOME/disk\"\n\"$@\"\nfind \"$HOME/disk/capsules\"",
      "sh"};
  if (run({.argv = {"unshare", "-m", "true"}, .environment = {}}).status != 0) {
    GTEST_SKIP() << "no mount namespaces here (needs root)";
  }
  command.argv.insert(command.argv.begin(), starter.begin(), starter.end());
  const auto result = run(command);
  if (result.errors.find("mount: ") != std::string::npos) GTEST_SKIP() << result.errors;
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "no capsule of block bad: " + disk.string() + "/capsules/"));
  EXPECT_TRUE(contains(result.errors, "cannot be written (No space left on device)"));
  EXPECT_EQ(59U, recorded("recorded.txt").size());
  EXPECT_EQ((disk / "capsules").string() + '\n', result.output) << "something is left";
}

TEST_F(CapsulesTest, GdbStopsWhereTheBlockDies) {
  if (run({.argv = {"sh", "-c", "command -v gdb"}, .environment = {}}).status != 0) {
    GTEST_SKIP() << "no gdb";
  }
  const auto died = run_host({circuit_of("type: test.crash_on, params: {number: 42}")});
  const auto again = rerun(capsule_in(died.errors), {"--gdb"});
  EXPECT_TRUE(contains(again.output, "received signal SIGSEGV"));
  EXPECT_TRUE(contains(again.output, place_of("crash_on.cpp", "nowhere) = 1")));
}

TEST_F(CapsulesTest, ValgrindSaysWhatTheBlockDoesWrong) {
  if (run({.argv = {"sh", "-c", "command -v valgrind"}, .environment = {}}).status != 0) {
    GTEST_SKIP() << "no valgrind";
  }
  const auto died = run_host({circuit_of("type: test.crash_on, params: {number: 42}")});
  const auto again = rerun(capsule_in(died.errors), {"--valgrind"});
  EXPECT_EQ(3, again.status);
  EXPECT_TRUE(contains(again.errors, "Invalid write of size 4"));
  EXPECT_TRUE(contains(again.errors, place_of("crash_on.cpp", "nowhere) = 1")));
}

TEST_F(CapsulesTest, WithoutADebuggerItIsSaidWhatToInstall) {
  const auto died = run_host({circuit_of("type: test.crash_on, params: {number: 42}")});
  auto command = host({"rerun", capsule_in(died.errors), "--gdb"});
  command.environment["PATH"] = folder().string();
  const auto result = run(command);
  EXPECT_EQ(1, result.status);
  EXPECT_TRUE(contains(result.errors, "no gdb on PATH; install the Debian package gdb"));
}

}  // namespace vcengine::test
