/// Rows of sdk/doc/what_happens_when.md that no other test shows.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

class FaultsTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  /// count -> bad -> sink with the block under test in the middle, started again at once.
  Report run_with(const std::string& type, const std::string& params, int status = 0) {
    const auto result = run_host({circuit("circuit: trial\n"
                                          "defaults: {backoff: {first: 1ms, limit: 1ms}}\n"
                                          "blocks:\n"
                                          "  count: {type: core.counter, params: {count: 20}}\n"
                                          "  bad: {type: misbehaving." +
                                          type + ", params: {" + params +
                                          "}}\n"
                                          "  sink: {type: core.null}\n"
                                          "wires: [count.number -> bad.in, bad.out -> sink.in]\n"),
                                  "--plugins", misbehaving(type), "--json"});
    EXPECT_EQ(status, result.status) << result.errors;
    errors_ = result.errors;
    const auto report = parse_report(result.output);
    for (const auto& [name, wire] : report.wires) {
      EXPECT_EQ(wire.published, wire.taken + wire.dropped_in_all() + wire.in_flight) << name;
    }
    return report;
  }

  std::string errors_;
};

TEST_F(FaultsTest, AfterACrashTheBlockIsStartedAgainAndOneFrameIsLost) {
  const auto report = run_with("segfault", "at: 12");
  EXPECT_TRUE(contains(errors_, "worker trial/bad died (SIGSEGV) at frame 12"));
  EXPECT_TRUE(contains(errors_, "block bad starts again in 1 ms (death 1)"));
  EXPECT_EQ(1, report.wires.at("bad.in").dropped.at("lost_in_crash"));
  EXPECT_EQ(19, report.wires.at("sink.in").taken);
}

TEST_F(FaultsTest, AfterAnAbortTheBlockIsStartedAgainAndOneFrameIsLost) {
  const auto report = run_with("aborts", "at: 12");
  EXPECT_TRUE(contains(errors_, "worker trial/bad died (SIGABRT) at frame 12"));
  EXPECT_EQ(1, report.wires.at("bad.in").dropped.at("lost_in_crash"));
  EXPECT_EQ(19, report.wires.at("sink.in").taken);
}

TEST_F(FaultsTest, AfterAnExitTheBlockIsStartedAgainAndOneFrameIsLost) {
  const auto report = run_with("exits", "at: 12");
  EXPECT_TRUE(contains(errors_, "worker trial/bad ended by itself with status"));
  EXPECT_TRUE(contains(errors_, "block bad starts again in 1 ms (death 1)"));
  EXPECT_EQ(1, report.wires.at("bad.in").dropped.at("lost_in_crash"));
  EXPECT_EQ(19, report.wires.at("sink.in").taken);
}

TEST_F(FaultsTest, AfterAWriteToItsInputTheBlockIsStartedAgainAndOneFrameIsLost) {
  const auto report = run_with("writes_input", "at: 12");
  EXPECT_TRUE(contains(errors_, "block bad wrote to its read-only input 'in'"));
  EXPECT_EQ(1, report.wires.at("bad.in").dropped.at("lost_in_crash"));
}

TEST_F(FaultsTest, AnExceptionInStopIsAFailure) {
  const auto result =
      run_host({circuit("blocks:\n"
                        "  count: {type: core.counter, params: {count: 3}}\n"
                        "  bad: {type: test.ends_badly}\n"
                        "wires: [count.number -> bad.in]\n")});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "block bad gave up: could not write the last line"));
  EXPECT_FALSE(contains(result.errors, "starts again"));
}

TEST_F(FaultsTest, ACrashInStopIsAFailure) {
  const auto result =
      run_host({circuit("blocks:\n"
                        "  count: {type: core.counter, params: {count: 3}}\n"
                        "  bad: {type: test.ends_badly, params: {how: crash}}\n"
                        "wires: [count.number -> bad.in]\n")});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "worker circuit/bad died (SIGSEGV)"));
  EXPECT_FALSE(contains(result.errors, "starts again"));
}

TEST_F(FaultsTest, AWorkerThatIsStoppedHoldsItsNeighboursUpAndLosesNothing) {
  Process sut(host({circuit("blocks:\n"
                            "  count: {type: core.counter, rate: 500, params: {count: 300}}\n"
                            "  pass: {type: core.scale}\n"
                            "  sink: {type: test.recorder}\n"
                            "  beside: {type: test.recorder, params: {path: beside.txt}}\n"
                            "wires:\n"
                            "  - count.number -> pass.in\n"
                            "  - pass.out -> sink.in\n"
                            "  - count.number -> beside.in\n"),
                    "--json"}));
  sut.wait_until([&] { return recorded("recorded.txt").size() > 5; }, "frames");
  const auto stopped = await_worker(sut, "pass");
  ::kill(stopped, SIGSTOP);
  sut.wait_until(
      [&] {
        return read_file("/proc/" + std::to_string(stopped) + "/stat").find(") T ") !=
               std::string::npos;
      },
      "the worker to stop");
  ::kill(stopped, SIGCONT);
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_EQ(300U, recorded("recorded.txt").size());
  EXPECT_EQ(300U, recorded("beside.txt").size());
}

}  // namespace vcengine::test
