/// A circuit file is edited, or a plugin built again, while the circuit runs.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "tests/processes/support/rebuilt_circuit.hpp"

namespace vcengine::test {

class ReloadTest : public RebuiltTest {
 protected:
  /// As an editor does: another file takes the place of the old one.
  void edit(std::string_view text) const {
    const auto fresh = circuit(text, "fresh.yaml");
    std::filesystem::rename(fresh, folder() / "circuit.yaml");
  }
  static std::string tuned(int value, std::string_view more = "") {
    return "circuit: edited\n"
           "blocks:\n"
           "  count: {type: core.counter, rate: 1000}\n"
           "  build: {type: test.build, params: {tuned: " +
           std::to_string(value) + "}" + std::string(more) +
           "}\n"
           "  sink: {type: test.recorder}\n"
           "wires: [count.number -> build.in, build.out -> sink.in]\n";
  }
  void expect_said(Process& host, std::string_view words) const {
    host.wait_until([&] { return host.errors().find(words) != std::string::npos; },
                    "'" + std::string(words) + "'");
  }
};

TEST_F(ReloadTest, WhatTheFileSaysDifferentlyIsSet) {
  auto sut = start(circuit(tuned(5)));
  wait_until_running();
  const auto build = worker(sut, "build");
  edit(tuned(6));
  const auto result = tool({"reload"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ("set: build.tuned\n", result.output);
  EXPECT_EQ("6", value_of("build.tuned"));
  EXPECT_EQ(build, worker(sut, "build"));
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(ReloadTest, WhatWasTunedStaysWhereTheFileSaysWhatItSaid) {
  auto sut = start(circuit(tuned(5)));
  wait_until_running();
  expect_done({"set", "build.tuned=70"});
  const auto result = tool({"reload"});
  EXPECT_EQ("nothing has changed\n", result.output) << result.errors;
  EXPECT_EQ("70", value_of("build.tuned"));
  stop(sut);
}

TEST_F(ReloadTest, ABlockWithOtherKeysGetsAnotherProcess) {
  auto sut = start(circuit(tuned(5)));
  wait_until_running();
  const auto count = worker(sut, "count");
  const auto build = worker(sut, "build");
  wait_for_frames(10);
  edit(tuned(6, ", nice: 3, timeout: 10s"));
  const auto result = tool({"reload"});
  EXPECT_EQ("exchanged: build\n", result.output) << result.errors;
  EXPECT_EQ("6", value_of("build.tuned"));
  EXPECT_EQ(count, worker(sut, "count"));
  EXPECT_NE(build, worker(sut, "build"));
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(ReloadTest, ARebuiltPluginIsTaken) {
  auto sut = start(circuit(tuned(5)));
  wait_until_running();
  wait_for_frames(10);
  use_build(2);
  const auto result = tool({"reload"});
  EXPECT_EQ("exchanged: build\n", result.output) << result.errors;
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1 2", builds());
}

TEST_F(ReloadTest, WatchTakesWhatIsBuiltAndWhatIsEdited) {
  auto sut = start(circuit(tuned(5)), {"--watch"});
  wait_until_running();
  wait_for_frames(10);
  use_build(2);
  expect_said(sut, "build has a new process");
  edit(tuned(7));
  expect_said(sut, "build.tuned is as the file says now");
  EXPECT_EQ("7", value_of("build.tuned"));
  use_build(1);
  wait_for_frames(10);
  EXPECT_TRUE(eventually([&] { return values().back() % 10 == 1; }));
  stop(sut);
  EXPECT_EQ("1 2 1", builds());
}

TEST_F(ReloadTest, WatchTakesWhatIsBuiltOfABlockThatCameLater) {
  const auto without =
      "circuit: edited\n"
      "blocks:\n"
      "  count: {type: core.counter, rate: 1000}\n"
      "  sink: {type: test.recorder}\n"
      "wires: [count.number -> sink.in]\n";
  auto sut = start(circuit(without), {"--watch"});
  wait_until_running();
  wait_for_frames(10);
  edit(tuned(5));
  expect_said(sut, "build has a new process");
  use_build(2);
  EXPECT_TRUE(eventually([&] { return values().back() % 10 == 2; }));
  stop(sut);
}

TEST_F(ReloadTest, AnEditThatMakesNoSenseChangesNothingAndIsExplained) {
  auto sut = start(circuit(tuned(5)), {"--watch"});
  wait_until_running();
  const auto pid = worker(sut, "build");
  edit(tuned(500));
  expect_said(sut, "circuit.yaml:4:");
  edit("blocks: [\n");
  expect_said(sut, "circuit.yaml:2:");
  EXPECT_EQ("5", value_of("build.tuned"));
  EXPECT_EQ(pid, worker(sut, "build"));
  edit(tuned(8));
  expect_said(sut, "build.tuned is as the file says now");
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(ReloadTest, APluginThatIsNoneIsExplainedAndTheOldOneRunsOn) {
  auto sut = start(circuit(tuned(5)), {"--watch"});
  wait_until_running();
  circuit("no plugin", "fresh.so");
  std::filesystem::rename(folder() / "fresh.so", folder() / "plugins/test_build.so");
  expect_said(sut, "test_build.so: is not a shared library");
  wait_for_frames(10);
  use_build(2);
  expect_said(sut, "build has a new process");
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1 2", builds());
}

namespace {

/// Numbers through test.build, recorded; more blocks and wires beside it.
std::string beside(std::string_view blocks, std::string_view wires) {
  return "circuit: edited\n"
         "blocks:\n"
         "  count: {type: core.counter, rate: 1000}\n"
         "  build: {type: test.build}\n"
         "  sink: {type: test.recorder}\n" +
         std::string(blocks) +
         "wires:\n"
         "  - count.number -> build.in\n"
         "  - build.out -> sink.in\n" +
         std::string(wires);
}
/// The same, with a block between them.
constexpr const char* kBetween =
    "circuit: edited\n"
    "blocks:\n"
    "  count: {type: core.counter, rate: 1000}\n"
    "  times: {type: core.scale, params: {factor: 1}}\n"
    "  build: {type: test.build}\n"
    "  sink: {type: test.recorder}\n"
    "wires:\n"
    "  - count.number -> times.in\n"
    "  - times.out -> build.in\n"
    "  - build.out -> sink.in\n";
constexpr const char* kExtra = "  extra: {type: test.recorder, params: {path: extra.txt}}\n";
constexpr const char* kToExtra = "  - build.worked -> extra.in\n";

}  // namespace

TEST_F(ReloadTest, ABlockThatIsAddedStartsAndOthersKeepTheirProcesses) {
  auto sut = start(circuit(beside("", "")));
  wait_until_running();
  wait_for_frames(10);
  const auto count = worker(sut, "count");
  const auto sink = worker(sut, "sink");
  edit(beside(kExtra, kToExtra));
  const auto result = tool({"reload"});
  EXPECT_EQ("exchanged: build, extra\n", result.output) << result.errors;
  EXPECT_EQ(count, worker(sut, "count"));
  EXPECT_EQ(sink, worker(sut, "sink"));
  EXPECT_TRUE(eventually([&] { return recorded("extra.txt").size() > 10; }));
  stop(sut);
  EXPECT_EQ("1", builds());
  // It has what was made from its first frame on, and build's State goes on.
  const auto first = std::stoll(
      recorded("extra.txt").front().substr(recorded("extra.txt").front().rfind(' ') + 1));
  EXPECT_EQ(static_cast<std::int64_t>(recorded("recorded.txt").size()),
            first + std::ssize(recorded("extra.txt")) - 1);
}

TEST_F(ReloadTest, ABlockThatIsRemovedHasWorkedOnAllItWasSent) {
  auto sut = start(circuit(beside(kExtra, kToExtra)));
  wait_until_running();
  wait_for_frames(10);
  edit(beside("", ""));
  const auto result = tool({"reload"});
  EXPECT_EQ("exchanged: build\n", result.output) << result.errors;
  EXPECT_EQ(0, worker(sut, "extra"));
  const auto extra = recorded("extra.txt").size();
  wait_for_frames(10);
  const auto report = stop(sut);
  EXPECT_EQ(extra, recorded("extra.txt").size());
  for (std::size_t i = 0; i < extra; ++i) {
    EXPECT_TRUE(recorded("extra.txt")[i].ends_with(' ' + std::to_string(i + 1)));
  }
  EXPECT_EQ("1", builds());
  EXPECT_FALSE(report.blocks.contains("extra"));
}

TEST_F(ReloadTest, NoFrameIsLostWhereABlockComesBetweenOthersAndGoesAgain) {
  auto sut = start(circuit(beside("", "")));
  wait_until_running();
  for (int round = 0; round < 5; ++round) {
    wait_for_frames(10);
    edit(kBetween);
    expect_done({"reload"});
    EXPECT_NE(0, worker(sut, "times"));
    wait_for_frames(10);
    edit(beside("", ""));
    expect_done({"reload"});
    EXPECT_EQ(0, worker(sut, "times"));
  }
  wait_for_frames(10);
  const auto report = stop(sut);
  EXPECT_EQ("1", builds());
  for (const auto& [name, wire] : report.wires) {
    EXPECT_EQ(wire.published, wire.taken + wire.dropped_in_all() + wire.in_flight) << name;
  }
}

TEST_F(ReloadTest, WhatARemovedBlockKeptBackStillArrives) {
  const auto text = [](bool late) {
    return std::string(
               "circuit: shrinking\n"
               "blocks:\n"
               "  count: {type: core.counter, rate: 500}\n"
               "  seen:  {type: test.recorder}\n") +
           (late ? "  late:  {type: test.keep_back}\n"
                   "wires: [count.number -> late.in, late.out -> seen.in]\n"
                 : "wires: [count.number -> seen.in]\n");
  };
  auto sut = start(circuit(text(true)));
  wait_until_running();
  wait_for_frames(10);
  edit(text(false));
  expect_done({"reload"});
  wait_for_frames(10);
  stop(sut);
  std::int64_t next = 1;
  for (const auto value : values()) ASSERT_EQ(next++, value);
}

TEST_F(ReloadTest, SequenceNumbersGoOnWhereAWireIsMadeAnew) {
  const auto counted = [](std::string_view blocks, std::string_view wires) {
    return "circuit: edited\n"
           "blocks:\n"
           "  count: {type: core.counter, rate: 1000}\n"
           "  sink: {type: test.recorder}\n" +
           std::string(blocks) + "wires:\n  - count.number -> sink.in\n" + std::string(wires);
  };
  auto sut = start(circuit(counted("", "")));
  wait_until_running();
  wait_for_frames(10);
  edit(counted("  end: {type: core.null}\n", "  - count.number -> end.in\n"));
  const auto result = tool({"reload"});
  EXPECT_EQ("exchanged: count, end, sink\n", result.output) << result.errors;
  wait_for_frames(10);
  stop(sut);
  const auto lines = recorded("recorded.txt");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_TRUE(lines[i].starts_with(std::to_string(i + 1) + ' ')) << lines[i];
    EXPECT_TRUE(lines[i].ends_with(' ' + std::to_string(i + 1))) << lines[i];
  }
}

TEST_F(ReloadTest, PicturesThatAreSentOnArriveWholeThroughEachEdit) {
  const auto pictures = [](std::string_view blocks, std::string_view wires) {
    return "circuit: edited\n"
           "blocks:\n"
           "  source: {type: io.test_pattern, rate: 200}\n"
           "  pass: {type: flow.gate}\n"
           "  sink: {type: test.recorder}\n" +
           std::string(blocks) + "wires:\n" + std::string(wires);
  };
  const auto straight = pictures("", "  - source.frames -> pass.in\n  - pass.out -> sink.in\n");
  const std::vector<std::string> others = {
      pictures("  again: {type: flow.gate}\n",
               "  - source.frames -> pass.in\n  - pass.out -> again.in\n"
               "  - again.out -> sink.in\n"),
      pictures("  beside: {type: test.recorder, params: {path: beside.txt}}\n",
               "  - source.frames -> pass.in\n  - pass.out -> sink.in\n"
               "  - pass.out -> beside.in\n"),
      pictures("  copy: {type: vision.color_filter}\n  end: {type: core.null}\n",
               "  - source.frames -> pass.in\n  - pass.out -> sink.in\n"
               "  - source.frames -> copy.image\n  - copy.filtered -> end.in\n"),
      pictures("  early: {type: flow.gate}\n",
               "  - source.frames -> early.in\n  - early.out -> pass.in\n"
               "  - pass.out -> sink.in\n")};
  auto sut = start(circuit(straight));
  wait_until_running();
  for (const auto& other : others) {
    for (const auto& next : {other, straight}) {
      edit(next);
      expect_done({"reload"});
      wait_for_frames(10);
    }
  }
  stop(sut);
  const auto lines = recorded("recorded.txt");
  edit(straight);
  const auto alone = run_host({circuit(straight), "--frames", std::to_string(lines.size())});
  ASSERT_EQ(0, alone.status) << alone.errors;
  const auto expected = recorded("recorded.txt");
  ASSERT_EQ(expected.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto stamp_and_picture = [](const std::string& line) {
      return line.substr(line.find(' '));
    };
    ASSERT_EQ(stamp_and_picture(expected[i]), stamp_and_picture(lines[i])) << "frame " << i;
  }
}

TEST_F(ReloadTest, WhatIsTunedAndWhatTheFileSetsGoAlongWithNewWires) {
  auto sut = start(circuit(beside("", "")));
  wait_until_running();
  expect_done({"set", "build.tuned=70"});
  edit(
      beside("  extra: {type: test.recorder, params: {path: extra.txt}}\n"
             "  second: {type: core.scale, params: {factor: 1}}\n",
             "  - build.as_tuned -> second.in\n"
             "  - second.out -> extra.in\n"));
  expect_done({"reload"});
  EXPECT_EQ("70", value_of("build.tuned"));
  expect_done({"set", "second.factor=2"});
  EXPECT_TRUE(eventually([&] {
    const auto lines = recorded("extra.txt");
    return !lines.empty() && lines.back().ends_with(" 140");
  }));
  stop(sut);
}

TEST_F(ReloadTest, ABlockThatCannotLoadLeavesTheCircuitAsItWas) {
  auto sut = start(circuit(beside("", "")));
  wait_until_running();
  wait_for_frames(10);
  const auto build = worker(sut, "build");
  edit(beside("  extra: {type: test.recorder, memory: 64KiB}\n", kToExtra));
  expect_refused({"reload"}, "the circuit stays as it was: extra: ");
  EXPECT_EQ(build, worker(sut, "build"));
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(ReloadTest, ABlockThatCannotStartLeavesTheRestRunning) {
  const std::string quick = "defaults: {intensity: {deaths: 1, within: 10s}}\n";
  auto sut = start(circuit(quick + beside("", "")));
  wait_until_running();
  wait_for_frames(10);
  edit(quick +
       beside("  extra: {type: test.recorder, params: {path: no/such/folder.txt}}\n", kToExtra));
  expect_refused({"reload"}, "extra cannot start");
  expect_said(sut, "block extra gave up: it died 2 times within 10 s; the rest runs on without it");
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(ReloadTest, ACircuitOfAnotherNameOrClockIsToBeStartedAgain) {
  auto sut = start(circuit(tuned(5)));
  wait_until_running();
  const auto rest = tuned(5).substr(tuned(5).find("blocks:"));
  for (const auto* top : {"circuit: another\n", "circuit: edited\nclock: media\n"}) {
    edit(top + rest);
    expect_refused({"reload"}, "start it again");
  }
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(ReloadTest, WhileItIsPausedWiresStayAsTheyAre) {
  auto sut = start(circuit(beside("", "")));
  wait_until_running();
  expect_done({"pause"});
  edit(beside(kExtra, kToExtra));
  expect_refused({"reload"}, "it is paused");
  expect_done({"resume"});
  expect_done({"reload"});
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

// The host died of the name of a block that was no more.
TEST_F(ReloadTest, ASwapOfABlockThatIsRemovedMeanwhileIsRefused) {
  constexpr int kSwaps = 100;
  auto sut = start(circuit(beside(kExtra, kToExtra)));
  wait_until_running();
  wait_for_frames(10);
  edit(beside("", ""));
  RawClient client(folder());
  EXPECT_TRUE(client.line());
  std::string requests = "{\"id\":0,\"op\":\"reload\"}\n";
  for (int i = 1; i <= kSwaps; ++i) {
    requests += "{\"id\":" + std::to_string(i) + ",\"op\":\"swap\",\"block\":\"extra\"}\n";
  }
  client.send(requests);
  for (int i = 0; i <= kSwaps; ++i) {
    const auto answer = client.line();
    if (!answer) sut.wait();
    ASSERT_TRUE(answer) << sut.errors();
    const bool of_reload = answer->starts_with("{\"id\":0,");
    EXPECT_TRUE(
        contains(*answer, of_reload ? "\"ok\":true" : "\"error\":\"extra stays as it was: "));
  }
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

// Its memory stayed that of a wire that never drops, and its reader found nonsense there.
TEST_F(ReloadTest, AWireMayDropFromNowOnIfTheFileSaysSo) {
  const auto stalling = [](const std::string& then) {
    return beside(
        "  other: {type: core.null}\n",
        "  - {from: build.worked, to: other.in, stall: {after: 1s, then: " + then + "}}\n");
  };
  auto sut = start(circuit(stalling("warn")));
  wait_until_running();
  edit(stalling("drop_oldest"));
  EXPECT_EQ("exchanged: build, other\n", tool({"reload"}).output);
  const auto reader = await_worker(sut, "other");
  ::kill(reader, SIGSTOP);
  expect_said(sut, "the wire drops frames from now on");
  wait_for_frames(200);
  ::kill(reader, SIGCONT);
  const auto seen = frames("other");
  EXPECT_TRUE(eventually([&] { return frames("other") > seen + 10; }));
  const auto report = stop(sut);
  const auto& wire = report.wires.at("other.in");
  EXPECT_EQ(wire.dropped_in_all(), wire.dropped.at("superseded"));
  EXPECT_EQ(wire.published, wire.taken + wire.dropped_in_all() + wire.in_flight);
  EXPECT_EQ("1", builds());
}

TEST_F(ReloadTest, ACrashAfterAnEditIsACrashLikeAnyOther) {
  auto sut = start(circuit("defaults: {backoff: {first: 1ms, limit: 1ms}}\n" + beside("", "")));
  wait_until_running();
  wait_for_frames(10);
  edit("defaults: {backoff: {first: 1ms, limit: 1ms}}\n" + beside(kExtra, kToExtra));
  expect_done({"reload"});
  for (const auto* block : {"count", "build", "extra"}) {
    const auto pid = await_worker(sut, block);
    ::kill(pid, SIGKILL);
    EXPECT_TRUE(eventually([&] { return worker(sut, block) != pid && worker(sut, block) != 0; }));
    const auto seen = recorded("extra.txt").size();
    EXPECT_TRUE(eventually([&] { return recorded("extra.txt").size() != seen; }));
  }
  const auto report = stop(sut);
  for (const auto& [name, wire] : report.wires) {
    EXPECT_EQ(wire.published, wire.taken + wire.dropped_in_all() + wire.in_flight) << name;
  }
}

}  // namespace vcengine::test
