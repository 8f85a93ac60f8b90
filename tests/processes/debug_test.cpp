/// `vcengine debug` with the real gdb, driven through stdin as a script would.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

constexpr const char* kCountToThree =
    "circuit: trial\n"
    "blocks:\n"
    "  count: {type: core.counter, params: {count: 3}}\n"
    "  step: {type: test.step}\n"
    "  print: {type: io.print}\n"
    "wires: [count.number -> step.in, step.out -> print.in]\n";

constexpr const char* kEndless =
    "circuit: trial\n"
    "blocks:\n"
    "  count: {type: core.counter}\n"
    "  step: {type: test.step}\n"
    "  sink: {type: core.null}\n"
    "wires: [count.number -> step.in, step.out -> sink.in]\n";

/// "step.cpp:14", of the line that holds `mark`.
std::string place_of(const fs::path& file, const std::string& mark) {
  std::ifstream source(source_folder() / file);
  std::string line;
  for (int number = 1; std::getline(source, line); ++number) {
    if (line.find(mark) != std::string::npos) {
      return file.filename().string() + ":" + std::to_string(number);
    }
  }
  ADD_FAILURE() << file << " has no '" << mark << "'";
  return {};
}

}  // namespace

class DebugCommandTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }

  /// What no gdb is needed for: `text` stands in the place of gdb.
  Command debug_with_gdb(const std::string& text, const std::string& circuit_text) const {
    const auto gdb = folder() / "bin/gdb";
    fs::create_directories(gdb.parent_path());
    std::ofstream(gdb) << "#!/bin/sh\n" << text << '\n';
    fs::permissions(gdb, fs::perms::owner_all);
    auto command = host({"debug", circuit(circuit_text), "step"});
    command.environment["PATH"] = gdb.parent_path().string() + ":/usr/bin:/bin";
    return command;
  }
};

/// The host in `debug`, and the stdin that its gdb reads.
class DebugTest : public DebugCommandTest {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/gdb")) GTEST_SKIP() << "gdb is not installed";
    DebugCommandTest::SetUp();
    std::array<int, 2> ends{};
    ASSERT_EQ(0, ::pipe2(ends.data(), O_CLOEXEC));
    read_end_ = FileDescriptor(ends[0]);
    write_end_ = FileDescriptor(ends[1]);
  }

  Command debug(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "debug");
    auto command = host(std::move(arguments));
    command.environment["DEBUGINFOD_URLS"] = std::nullopt;
    command.standard_input = read_end_.get();
    return command;
  }
  void type(std::string_view line) const {
    ASSERT_TRUE(write_all(write_end_.get(), std::string(line) + "\n"));
  }
  void close_stdin() { write_end_.reset(); }

  /// Types all that and closes stdin, at which gdb leaves.
  Result run_typing(std::vector<std::string> arguments, std::string_view lines) {
    const auto command = debug(std::move(arguments));
    type(lines);
    close_stdin();
    return run(command);
  }

 private:
  FileDescriptor read_end_, write_end_;
};

TEST_F(DebugTest, StopsAtTheFirstLineOfProcessAndGoesOnToTheEnd) {
  const auto first_line = place_of("tests/processes/plugins/step.cpp", "// the first line");
  const auto result = run_typing({circuit(kCountToThree), "step"}, "bt 1\ndelete\ncontinue");
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "Breakpoint 1, "));
  EXPECT_TRUE(contains(result.output, first_line));
  EXPECT_TRUE(contains(result.output, "#0"));
  EXPECT_TRUE(contains(result.output, "Step<unsigned long>::process"));
  EXPECT_TRUE(contains(result.output, "exited normally"));
  EXPECT_EQ(std::string::npos, result.errors.find("debugger left")) << result.errors;
  EXPECT_TRUE(no_children_left());
}

TEST_F(DebugTest, TakesTheOptionsOfARunAndCommandsOfGdb) {
  const auto result = run_typing({circuit(kCountToThree), "step", "--ex", "delete", "--ex",
                                  "echo as\\ asked\\n", "--frames", "1", "--quiet"},
                                 "");
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "as asked\n"));
  EXPECT_TRUE(contains(result.output, "[print] 1 "));
  EXPECT_EQ(std::string::npos, result.output.find("[print] 2 ")) << result.output;
}

TEST_F(DebugTest, APluginWithoutSymbolsStopsInProcessAllTheSame) {
  fs::create_directory(folder() / "plugins");
  run({.argv = {"strip", "-o", (folder() / "plugins/test_step.so").string(),
                (build_folder() / "tests/processes/plugins/test_step.so").string()},
       .environment = {}});
  const auto result =
      run_typing({circuit(kCountToThree), "step", "--plugins", (folder() / "plugins").string()},
                 "bt 2\ndelete\ncontinue");
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "Breakpoint 1, 0x"));
  EXPECT_TRUE(contains(result.output, "detail::BlockRunner::process"));
}

TEST_F(DebugTest, StopsInTheBlocksOwnSourceWhatEverWasInlinedIntoItsFirstLine) {
  const auto text = circuit(
      "blocks:\n"
      "  pattern: {type: io.test_pattern, params: {width: 64, height: 48}}\n"
      "  detect: {type: vision.edge_detector}\n"
      "  sink: {type: core.null}\n"
      "wires: [pattern.frames -> detect.image, detect.edges -> sink.in]\n");
  const auto result = run_typing({text, "detect"}, "print image.info_.name");
  EXPECT_TRUE(contains(result.output, "edge_detector.cpp:"));
  EXPECT_EQ(std::string::npos, result.output.find("port.hpp:")) << result.output;
  EXPECT_TRUE(contains(result.output, " = \"image\""));
}

TEST_F(DebugTest, LeavingGdbStopsTheCircuitAndLeavesNothing) {
  const auto result = run_typing({circuit(kEndless), "step"}, "quit");
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "debugger left, stopping"));
  EXPECT_TRUE(no_children_left());
}

TEST_F(DebugTest, ACrashIsShownAtItsLineAndReportedWhenGdbIsLeft) {
  const auto text = circuit(
      "circuit: trial\n"
      "blocks:\n"
      "  count: {type: core.counter}\n"
      "  bad: {type: misbehaving.segfault, params: {at: 3}}\n"
      "  sink: {type: core.null}\n"
      "wires: [count.number -> bad.in, bad.out -> sink.in]\n");
  const auto place = place_of("tests/misbehaving/segfault.cpp", "// the crash");
  const auto result = run_typing(
      {text, "bad", "--plugins", misbehaving("segfault").string(), "--ex", "delete"}, "bt 1");
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.output, "received signal SIGSEGV"));
  EXPECT_TRUE(contains(result.output, place));
  EXPECT_TRUE(contains(result.errors, "worker trial/bad died (SIGSEGV) at frame 3"));
  EXPECT_TRUE(no_children_left());
}

TEST_F(DebugTest, AKilledWorkerIsReportedWhenGdbIsLeft) {
  const auto result = run_typing({circuit(kEndless), "step"}, "kill");
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "worker trial/step died (SIGKILL)"));
  EXPECT_TRUE(no_children_left());
}

TEST_F(DebugTest, NobodyIsTooSlowForAPersonAtADebugger) {
  auto command = debug({circuit(kCountToThree), "step"});
  command.environment["VCENGINE_SET_UP_TIMEOUT_MS"] = "1";
  type("delete\ncontinue");
  close_stdin();
  const auto result = run(command);
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "[print] 3 "));
}

TEST_F(DebugTest, CtrlCIsForGdbAndNotForTheHost) {
  Process sut(debug({circuit(kCountToThree), "step"}));
  sut.wait_for_output("Breakpoint 1, ");
  sut.signal(SIGINT);
  type("print 40 + 2");
  sut.wait_for_output(" = 42");
  sut.signal(SIGINT);
  type("delete\ncontinue");
  sut.wait_for_output("exited normally");
  close_stdin();
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

TEST_F(DebugTest, ATerminatedHostTakesGdbWithIt) {
  Process sut(debug({circuit(kEndless), "step"}));
  sut.wait_for_output("Breakpoint 1, ");
  sut.signal(SIGTERM);
  EXPECT_EQ(143, sut.wait()) << sut.errors();
  EXPECT_TRUE(no_children_left());
}

TEST_F(DebugTest, AKilledHostLeavesNoGdbAndNoWorker) {
  Process sut(debug({circuit(kEndless), "step"}));
  sut.wait_for_output("Breakpoint 1, ");
  sut.signal(SIGKILL);
  EXPECT_EQ(128 + SIGKILL, sut.wait());
  EXPECT_TRUE(eventually(no_children_left));
}

TEST_F(DebugCommandTest, AnUnknownBlockIsABadCommandLine) {
  auto command = debug_with_gdb("exit 0", kEndless);
  command.argv.back() = "stepp";
  const auto result = run(command);
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "no block 'stepp'; did you mean 'step'?"));
}

TEST_F(DebugCommandTest, WithoutGdbThePackageIsNamedAndNothingStarted) {
  auto command = debug_with_gdb("", kEndless);
  command.environment["PATH"] = folder().string();
  const auto result = run(command);
  EXPECT_EQ(1, result.status);
  EXPECT_EQ("vcengine: no gdb on PATH; install the Debian package gdb\n", result.errors);
}

TEST_F(DebugCommandTest, AGdbThatMayNotAttachIsAFailure) {
  const auto result = run(debug_with_gdb("echo not permitted", kEndless));
  EXPECT_EQ(1, result.status);
  EXPECT_TRUE(contains(result.errors, "the debugger did not attach to block step"));
  EXPECT_TRUE(no_children_left());
}

}  // namespace vcengine::test
