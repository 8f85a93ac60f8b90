/// Blocks that misbehave while the circuit runs (tests/misbehaving): the message names the block,
/// and what it did, and where.
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

class BadBlocksTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }  // the host waited for all of them

  /// count -> bad -> sink, with the block under test in the middle.
  Command command(const std::string& type, const std::string& params = "",
                  std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {circuit("circuit: trial\n"
                                       "defaults: {restart: never}\n"
                                       "blocks:\n"
                                       "  count: {type: core.counter, params: {count: 100}}\n"
                                       "  bad: {type: misbehaving." +
                                       type + ", params: {" + params +
                                       "}}\n"
                                       "  sink: {type: core.null}\n"
                                       "wires:\n"
                                       "  - count.number -> bad.in\n"
                                       "  - bad.out -> sink.in\n"),
                               "--plugins", misbehaving(type).string()});
    return host(std::move(more));
  }
  /// count -> bad: for one that has no output.
  Command command_of_sink(const std::string& type) const {
    return host({circuit("circuit: trial\n"
                         "defaults: {restart: never}\n"
                         "blocks:\n"
                         "  count: {type: core.counter, params: {count: 100}}\n"
                         "  bad: {type: misbehaving." +
                         type +
                         "}\n"
                         "wires: [count.number -> bad.in]\n"),
                 "--plugins", misbehaving(type).string()});
  }

  /// Waits until misbehaving.hangs is in its pause().
  static void wait_for_hanging(Process& host) {
#ifdef SYS_pause
    const auto pause = std::to_string(SYS_pause) + ' ';
#else
    const auto pause = std::to_string(SYS_ppoll) + ' ';  // how the C library pauses there
#endif
    host.wait_until(
        [&] {
          for (const auto& worker : workers_of(host.pid())) {
            if (worker.name != "trial/bad") continue;
            return read_file("/proc/" + std::to_string(worker.pid) + "/syscall").starts_with(pause);
          }
          return false;
        },
        "the block to hang");
  }

  /// "segfault.cpp:16", of the line that holds `mark`.
  static std::string place_of(const std::string& file, const std::string& mark) {
    std::ifstream source(source_folder() / "tests/misbehaving" / file);
    std::string line;
    for (int number = 1; std::getline(source, line); ++number) {
      if (line.find(mark) != std::string::npos) return file + ":" + std::to_string(number);
    }
    ADD_FAILURE() << file << " has no '" << mark << "'";
    return {};
  }
};

TEST_F(BadBlocksTest, ASegmentationFaultIsNamedWithBlockSignalFrameAndSourceLine) {
  const auto result = run(command("segfault", "at: 42"));
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "worker trial/bad died (SIGSEGV) at frame 42"));
  EXPECT_TRUE(contains(result.errors, place_of("segfault.cpp", "// the crash")));
}

TEST_F(BadBlocksTest, AnAbortIsNamedWithItsFrameAndSourceLine) {
  const auto result = run(command("aborts", "at: 7"));
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "worker trial/bad died (SIGABRT) at frame 7"));
  EXPECT_TRUE(contains(result.errors, place_of("aborts.cpp", "std::abort()")));
}

TEST_F(BadBlocksTest, AnExitInMidStreamIsNoSuccess) {
  const auto result = run(command("exits", "at: 7"));
  EXPECT_EQ(3, result.status);
#if defined(__SANITIZE_ADDRESS__)
  const std::string status = "1";  // LeakSanitizer ends exit() with a status of its own
#else
  const std::string status = "0";
#endif
  EXPECT_TRUE(contains(
      result.errors, "worker trial/bad ended by itself with status " + status + " while running"));
  EXPECT_TRUE(contains(result.errors, "a block must not call exit()"));
}

TEST_F(BadBlocksTest, AnExceptionInStartEndsTheCircuitWithItsText) {
  const auto result = run(command_of_sink("throws_in_start"));
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "block bad gave up: the device is on fire"));
}

TEST_F(BadBlocksTest, EveryExceptionCostsOneFrameAndIsCounted) {
  const auto result = run(command("throws_every", "k: 10", {"--json"}));
  EXPECT_EQ(0, result.status) << result.errors;
  const auto figures = parse_report(result.output);
  EXPECT_EQ(10, figures.blocks.at("bad").exceptions);
  EXPECT_EQ(90, figures.blocks.at("bad").frames);
  EXPECT_EQ(100, figures.wires.at("bad.in").taken);
  EXPECT_EQ(90, figures.wires.at("sink.in").taken);
  EXPECT_TRUE(contains(result.errors, "[bad] "));
  EXPECT_TRUE(contains(result.errors, "do not like frame 10"));
}

TEST_F(BadBlocksTest, AWriteToAnInputIsNamedWithTheInputTheLineAndTheWayOut) {
  const auto result = run(command("writes_input", "at: 5"));
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(
      contains(result.errors, "block bad wrote to its read-only input 'in'; clone() it first"));
  EXPECT_TRUE(contains(result.errors, place_of("writes_input.cpp", "std::byte{7}")));
}

TEST_F(BadBlocksTest, KeepingTooManyFramesIsNamedWithTheInputAndTheWayOut) {
  const auto result = run(command_of_sink("holds_frames"));
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(
      result.errors, "block bad gave up: the block keeps too many frames of input 'in'; clone()"));
}

TEST_F(BadBlocksTest, OneThatHangsIsStoppedByCtrlCAfterTheStatedTimes) {
  Process sut(command("hangs", "at: 3"));
  wait_for_hanging(sut);
  const auto since = std::chrono::steady_clock::now();
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  std::cout << "stopped after "
            << std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count()
            << " s\n";
  EXPECT_TRUE(contains(sut.errors(), "interrupted, stopping"));
  EXPECT_TRUE(contains(sut.errors(), "block bad does not stop; asked to terminate"));
}

TEST_F(BadBlocksTest, ASecondCtrlCKillsOneThatHangsAtOnce) {
  Process sut(command("hangs", "at: 3"));
  wait_for_hanging(sut);
  sut.signal(SIGINT);
  sut.wait_for_errors("interrupted, stopping");
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "killed"));
  EXPECT_FALSE(contains(sut.errors(), "asked to terminate"));  // not reached: that takes seconds
}

}  // namespace vcengine::test
