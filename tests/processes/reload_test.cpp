/// A circuit file is edited, or a plugin built again, while the circuit runs.
#include <gtest/gtest.h>

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
  const auto build = pid_of(sut, "build");
  edit(tuned(6));
  const auto result = tool({"reload"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ("set: build.tuned\n", result.output);
  EXPECT_EQ("6", value_of("build.tuned"));
  EXPECT_EQ(build, pid_of(sut, "build"));
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
  const auto count = pid_of(sut, "count");
  const auto build = pid_of(sut, "build");
  wait_for_frames(10);
  edit(tuned(6, ", nice: 3, timeout: 10s"));
  const auto result = tool({"reload"});
  EXPECT_EQ("exchanged: build\n", result.output) << result.errors;
  EXPECT_EQ("6", value_of("build.tuned"));
  EXPECT_EQ(count, pid_of(sut, "count"));
  EXPECT_NE(build, pid_of(sut, "build"));
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
  expect_said(sut, "build has its new build");
  edit(tuned(7));
  expect_said(sut, "build.tuned is as the file says now");
  EXPECT_EQ("7", value_of("build.tuned"));
  use_build(1);
  wait_for_frames(10);
  EXPECT_TRUE(eventually([&] { return values().back() % 10 == 1; }));
  stop(sut);
  EXPECT_EQ("1 2 1", builds());
}

TEST_F(ReloadTest, AnEditThatMakesNoSenseChangesNothingAndIsExplained) {
  auto sut = start(circuit(tuned(5)), {"--watch"});
  wait_until_running();
  const auto pid = pid_of(sut, "build");
  edit(tuned(500));
  expect_said(sut, "circuit.yaml:4:");
  edit("blocks: [\n");
  expect_said(sut, "circuit.yaml:2:");
  EXPECT_EQ("5", value_of("build.tuned"));
  EXPECT_EQ(pid, pid_of(sut, "build"));
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
  expect_said(sut, "build has its new build");
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1 2", builds());
}

}  // namespace vcengine::test
