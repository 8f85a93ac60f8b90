/// `stall:`, of readers that take nothing from a wire whose writer waits for them.
#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>

#include "tests/processes/support/controlled_circuit.hpp"

namespace vcengine::test {

class StallsTest : public ControlledTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  /// count -> sink, where the wire stalls, and count -> other.
  std::string file(const std::string& then) const {
    return circuit(
        "defaults: {backoff: {first: 1ms, limit: 1ms}}\n"
        "blocks:\n"
        "  count: {type: core.counter, rate: 500, params: {count: 600}}\n"
        "  sink: {type: core.null}\n"
        "  other: {type: test.recorder}\n"
        "wires:\n"
        "  - {from: count.number, to: sink.in, stall: {after: 1s, then: " +
        then +
        "}}\n"
        "  - count.number -> other.in\n");
  }

  /// Stops the worker of a block once frames flow.
  pid_t stop(Process& host, const std::string& block) const {
    host.wait_until([&] { return recorded("recorded.txt").size() > 10; }, "frames");
    const auto process = await_worker(host, block);
    ::kill(process, SIGSTOP);
    return process;
  }

  static void expect_exact(const Report& report) {
    for (const auto& [name, wire] : report.wires) {
      EXPECT_EQ(wire.published, wire.taken + wire.dropped_in_all() + wire.in_flight) << name;
    }
  }
};

TEST_F(StallsTest, AReaderThatIsStoppedIsKilledAndStartedAgain) {
  Process sut(host({file("kill_reader"), "--json"}));
  stop(sut, "sink");
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "block sink has taken nothing from sink.in for "));
  EXPECT_TRUE(contains(sut.errors(), "s, and count waits for it; killed"));
  EXPECT_TRUE(contains(sut.errors(), "block sink starts again in 1 ms (death 1)"));
  const auto report = parse_report(sut.output());
  expect_exact(report);
  EXPECT_LE(report.wires.at("sink.in").dropped_in_all(), 1) << "the frame that it worked on";
  EXPECT_EQ(600, report.wires.at("other.in").taken);
}

TEST_F(StallsTest, AReaderThatSpinsIsKilledAndStartedAgain) {
  const auto result = run_host(
      {circuit("defaults: {backoff: {first: 1ms, limit: 1ms}}\n"
               "blocks:\n"
               "  count: {type: core.counter, params: {count: 9}}\n"
               "  spin: {type: test.crash_on, params: {number: 4, how: spin}}\n"
               "  sink: {type: core.null}\n"
               "wires:\n"
               "  - {from: count.number, to: spin.in, stall: {after: 1s, then: kill_reader}}\n"
               "  - spin.out -> sink.in\n"),
       "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "block spin has taken nothing from spin.in for "));
  const auto report = parse_report(result.output);
  expect_exact(report);
  EXPECT_EQ(1, report.wires.at("spin.in").dropped.at("lost_in_crash"));
  EXPECT_EQ(8, report.wires.at("sink.in").taken);
}

TEST_F(StallsTest, AWireThatMayDropDoesSoOnceItsReaderIsStoppedAndTheRestGoesOn) {
  Process sut(host({file("drop_oldest"), "--json"}));
  const auto stopped = stop(sut, "sink");
  sut.wait_for_errors("count waits for it; the wire drops frames from now on");
  sut.wait_until([&] { return recorded("recorded.txt").size() == 600; }, "all frames beside it");
  ::kill(stopped, SIGCONT);
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  const auto report = parse_report(sut.output());
  expect_exact(report);
  const auto& wire = report.wires.at("sink.in");
  EXPECT_EQ(600, wire.published);
  EXPECT_EQ(wire.dropped_in_all(), wire.dropped.at("superseded"));
  EXPECT_LT(0, wire.dropped.at("superseded"));
  EXPECT_FALSE(wire.waits) << "the report says what the wire does now";
}

TEST_F(StallsTest, AWireThatMayDropLosesNothingAsLongAsItDoesNotStall) {
  const auto figures =
      figures_of({circuit("blocks:\n"
                          "  count: {type: core.counter, params: {count: 3000}}\n"
                          "  sink: {type: test.recorder}\n"
                          "wires: [{from: count.number, to: sink.in, "
                          "stall: {after: 1h, then: drop_oldest}}]\n")});
  EXPECT_EQ(3000, figures.wires.at("sink.in").taken);
  EXPECT_EQ(3000U, recorded("recorded.txt").size());
  EXPECT_TRUE(figures.wires.at("sink.in").waits);
}

TEST_F(StallsTest, AWarningIsAllThatItIsUnlessTheFileSaysMore) {
  Process sut(host({file("warn"), "--json"}));
  const auto stopped = stop(sut, "sink");
  sut.wait_for_errors("count waits for it");
  ::kill(stopped, SIGCONT);
  sut.wait_for_errors("block sink takes frames from sink.in again, after ");
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_FALSE(contains(sut.errors(), "killed"));
  EXPECT_EQ(600, parse_report(sut.output()).wires.at("sink.in").taken);
}

// From its page it waits for frames, though all are there. By the time that another reader is found
// to be idle, it would have been found as well.
TEST_F(StallsTest, AJoinThatIsStoppedDoesNotWaitForItsWriters) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter, rate: 500, params: {count: 900}}\n"
                    "  left: {type: core.scale}\n"
                    "  join: {type: flow.sync}\n"
                    "  sink: {type: core.null}\n"
                    "  beside: {type: core.counter, rate: 500, params: {count: 900}}\n"
                    "  idle: {type: test.recorder}\n"
                    "wires:\n"
                    "  - count.number -> left.in\n"
                    "  - left.out -> join.in_0\n"
                    "  - count.number -> join.in_1\n"
                    "  - join.out_0 -> sink.in\n"
                    "  - {from: beside.number, to: idle.in, stall: {after: 600ms}}\n")}));
  const auto stopped = {stop(sut, "join"), stop(sut, "idle")};
  sut.wait_for_errors("block idle has taken nothing");
  for (const auto worker : stopped) ::kill(worker, SIGCONT);
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_EQ(std::string::npos, sut.errors().find("waited for each other")) << sut.errors();
}

TEST_F(StallsTest, WhoOnlyWaitsForTheOneBehindItIsNotBlamed) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter, rate: 500, params: {count: 300}}\n"
                    "  pass: {type: core.scale}\n"
                    "  sink: {type: test.recorder}\n"
                    "wires:\n"
                    "  - {from: count.number, to: pass.in, stall: {after: 3s, then: kill_reader}}\n"
                    "  - {from: pass.out, to: sink.in, stall: {after: 5s}}\n"),
            "--json"}));
  const auto stopped = stop(sut, "sink");
  sut.wait_for_errors("block sink has taken nothing from sink.in for ");
  ::kill(stopped, SIGCONT);
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_FALSE(contains(sut.errors(), "killed"));
  EXPECT_EQ(300, parse_report(sut.output()).wires.at("sink.in").taken);
}

namespace {

/// count -> sink and count -> other without end; keys of those, and more blocks and wires.
struct Endless {
  std::string of_sink_wire, of_other, blocks, wires;

  std::string text() const {
    return "blocks:\n"
           "  count: {type: core.counter, rate: 500}\n"
           "  sink: {type: core.null}\n"
           "  other: {type: test.recorder" +
           of_other + "}\n" + blocks +
           "wires:\n"
           "  - {from: count.number, to: sink.in" +
           of_sink_wire + "}\n  - count.number -> other.in\n" + wires;
  }
};

constexpr const char* kDrops = ", stall: {after: 1s, then: drop_oldest}";
constexpr const char* kSaysThatItDrops = "; the wire drops frames from now on";

}  // namespace

/// A circuit that is edited while it runs.
class EditedStallsTest : public StallsTest {
 protected:
  Process start(const Endless& endless) const {
    return Process(host({circuit(endless.text()), "--json"}));
  }
  void reload(const Endless& edited) const {
    wait_until_running();
    circuit(edited.text());
    expect_done({"reload"});
  }
  WireFigures sink_wire() const { return figures_now().wires.at("sink.in"); }
  void wait_for_frames(Process& host, std::size_t more) const {
    const auto seen = recorded("recorded.txt").size();
    host.wait_until([&] { return recorded("recorded.txt").size() > seen + more; }, "frames");
  }
  Report end(Process& host) const {
    expect_done({"stop"});
    EXPECT_EQ(0, host.wait()) << host.errors();
    const auto report = parse_report(host.output());
    expect_exact(report);
    return report;
  }
};

TEST_F(EditedStallsTest, AWireThatDropsGoesOnWithItThroughAnEditOfOthers) {
  auto sut = start({.of_sink_wire = kDrops});
  const auto stopped = stop(sut, "sink");
  sut.wait_for_errors(kSaysThatItDrops);
  reload({.of_sink_wire = kDrops,
          .of_other = ", nice: 3",
          .blocks = "  more: {type: core.counter, rate: 500}\n  end: {type: core.null}\n",
          .wires = "  - more.number -> end.in\n"});
  EXPECT_FALSE(sink_wire().waits);
  wait_for_frames(sut, 100);
  ::kill(stopped, SIGCONT);
  const auto wire = end(sut).wires.at("sink.in");
  EXPECT_EQ(sut.errors().find(kSaysThatItDrops), sut.errors().rfind(kSaysThatItDrops)) << "once";
  EXPECT_FALSE(wire.waits);
  EXPECT_LT(100, wire.dropped.at("superseded"));
  EXPECT_EQ(wire.dropped_in_all(), wire.dropped.at("superseded"));
}

TEST_F(EditedStallsTest, AWireThatDropsWaitsAgainWithAnotherDepthUntilItStallsAgain) {
  auto sut = start({.of_sink_wire = kDrops});
  auto stopped = stop(sut, "sink");
  sut.wait_for_errors(kSaysThatItDrops);
  ::kill(stopped, SIGCONT);
  reload({.of_sink_wire = std::string(kDrops) + ", depth: 5"});
  EXPECT_TRUE(sink_wire().waits);
  EXPECT_EQ(0, sink_wire().dropped_in_all());
  const auto said = sut.errors().size();
  stopped = stop(sut, "sink");
  sut.wait_until([&] { return sut.errors().find(kSaysThatItDrops, said) != std::string::npos; },
                 "the second stall");
  wait_for_frames(sut, 100);
  ::kill(stopped, SIGCONT);
  EXPECT_LT(0, end(sut).wires.at("sink.in").dropped.at("superseded"));
}

TEST_F(EditedStallsTest, AWireThatDropsWaitsAgainWhereTheFileSaysSo) {
  auto sut = start({.of_sink_wire = kDrops});
  const auto stopped = stop(sut, "sink");
  sut.wait_for_errors(kSaysThatItDrops);
  ::kill(stopped, SIGCONT);
  reload({});
  EXPECT_TRUE(sink_wire().waits);
  wait_for_frames(sut, 100);
  const auto wire = end(sut).wires.at("sink.in");
  EXPECT_TRUE(wire.waits);
  EXPECT_EQ(0, wire.dropped_in_all());
}

TEST_F(EditedStallsTest, AWireThatMayDropOnlySinceAnEditDoesSoWhateverItsReaderIsAt) {
  auto sut = start({.of_sink_wire = ", stall: {after: 1h}"});
  reload({.of_sink_wire = kDrops});
  const auto stopped = stop(sut, "sink");
  sut.wait_for_errors(kSaysThatItDrops);
  wait_for_frames(sut, 100);
  ::kill(stopped, SIGCONT);
  const auto wire = end(sut).wires.at("sink.in");
  EXPECT_EQ(wire.dropped_in_all(), wire.dropped.at("superseded"));
  EXPECT_LT(100, wire.dropped.at("superseded"));
}

TEST_F(EditedStallsTest, AnotherRuleForAReaderThatIsKilledHoldsWithoutNewProcesses) {
  auto sut = start({.of_sink_wire = ", stall: {after: 1h}"});
  stop(sut, "sink");
  const auto count = worker(sut, "count");
  reload({.of_sink_wire = ", stall: {after: 1s, then: kill_reader}"});
  sut.wait_for_errors("and count waits for it; killed");
  wait_for_frames(sut, 100);
  EXPECT_EQ(count, worker(sut, "count"));
  end(sut);
}

}  // namespace vcengine::test
