/// A block of a running circuit is given a process of another build.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/processes/support/rebuilt_circuit.hpp"

namespace vcengine::test {

using SwapsTest = RebuiltTest;

TEST_F(SwapsTest, TheNewBuildGoesOnWithTheNextFrame) {
  auto sut = start(numbers());
  wait_until_running();
  wait_for_frames(10);
  expect_done({"swap", "build", plugin(2).string()});
  wait_for_frames(10);
  expect_done({"swap", "build", plugin(1).string()});
  wait_for_frames(10);
  const auto report = stop(sut);
  EXPECT_EQ("1 2 1", builds());
  for (const auto& [name, wire] : report.wires) {
    EXPECT_EQ(wire.published, wire.taken + wire.dropped_in_all() + wire.in_flight) << name;
    EXPECT_EQ(0, wire.dropped_in_all()) << name;
  }
}

TEST_F(SwapsTest, ARebuiltFileIsTakenFromWhereItWas) {
  auto sut = start(numbers());
  wait_until_running();
  wait_for_frames(10);
  use_build(2);
  expect_done({"swap", "build"});
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1 2", builds());
}

TEST_F(SwapsTest, ItsNeighboursKeepTheirProcesses) {
  auto sut = start(numbers());
  wait_until_running();
  const auto count = worker(sut, "count");
  const auto build = worker(sut, "build");
  const auto sink = worker(sut, "sink");
  expect_done({"swap", "build", plugin(2).string()});
  EXPECT_EQ(count, worker(sut, "count"));
  EXPECT_NE(build, worker(sut, "build"));
  EXPECT_EQ(sink, worker(sut, "sink"));
  EXPECT_EQ(3U, workers_of(sut.pid()).size());
  stop(sut);
}

TEST_F(SwapsTest, StateGoesAlong) {
  auto sut = start(numbers("", "worked"));
  wait_until_running();
  wait_for_frames(10);
  expect_done({"swap", "build", plugin(2).string()});
  wait_for_frames(10);
  stop(sut);
  const auto worked = values();
  for (std::size_t i = 0; i < worked.size(); ++i) {
    ASSERT_EQ(static_cast<std::int64_t>(i) + 1, worked[i]);
  }
}

TEST_F(SwapsTest, StateOfAnotherTypeBeginsAnew) {
  auto sut = start(numbers("", "worked"));
  wait_until_running();
  wait_for_frames(10);
  expect_done({"swap", "build", plugin(7).string()});
  wait_for_frames(10);
  stop(sut);
  const auto worked = values();
  EXPECT_EQ(2, std::ranges::count(worked, 1));
  EXPECT_TRUE(contains(sut.errors(), "begins anew"));
}

TEST_F(SwapsTest, SettingsGoAlong) {
  auto sut = start(numbers(", params: {tuned: 5}", "as_tuned"));
  wait_until_running();
  expect_done({"set", "build.tuned=70"});
  expect_done({"swap", "build", plugin(2).string()});
  EXPECT_EQ("70", value_of("build.tuned"));
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ(70, values().back());
}

TEST_F(SwapsTest, ABuildThatDoesNotFitIsRefused) {
  auto sut = start(numbers());
  wait_until_running();
  expect_refused({"swap", "build", plugin(4).string()}, "build stays as it was: ");
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(SwapsTest, AFileThatIsNoPluginIsRefused) {
  auto sut = start(numbers());
  wait_until_running();
  const auto text = circuit("no plugin", "text.so");
  expect_refused({"swap", "build", text}, "text.so: is not a shared library");
  expect_refused(
      {"swap", "build", (build_folder() / "tests/processes/plugins/test_add.so").string()},
      "test_add.so has no type 'test.build'");
  expect_refused({"swap", "bild", plugin(2).string()}, "no block 'bild'");
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(SwapsTest, ABuildThatCrashesBeforeItTakesItsPlaceIsRefused) {
  auto sut = start(numbers());
  wait_until_running();
  expect_refused({"swap", "build", plugin(6).string()}, "build stays as it was: ");
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(SwapsTest, WhereTheNewBuildCannotStartTheOldOneComesBack) {
  auto sut = start(numbers());
  wait_until_running();
  wait_for_frames(10);
  expect_refused({"swap", "build", plugin(5).string()}, "the build before it is back");
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
  EXPECT_TRUE(contains(sut.errors(), "build 5 cannot start"));
}

TEST_F(SwapsTest, WhereTheNewBuildCrashesTheOldOneComesBackWithTheSameFrame) {
  auto sut = start(numbers());
  wait_until_running();
  wait_for_frames(10);
  use_build(3);  // where the old one was: that is no file any more
  expect_done({"swap", "build"});
  wait_for_frames(10);
  const auto report = stop(sut);
  EXPECT_EQ("1", builds());
  EXPECT_EQ(0, report.wires.at("build.in").dropped_in_all());
  EXPECT_TRUE(contains(sut.errors(), "SIGSEGV"));
  EXPECT_TRUE(contains(sut.errors(), "the build before it is back"));
}

TEST_F(SwapsTest, APausedBlockStaysPausedInItsNewProcess) {
  auto sut = start(numbers());
  wait_until_running();
  wait_for_frames(10);
  expect_done({"pause", "count"});
  EXPECT_TRUE(eventually([&] {  // so that nobody is in the middle of a frame, waiting for room
    const auto wires = figures_now().wires;
    return std::ranges::all_of(
        wires, [](const auto& wire) { return wire.second.published == wire.second.taken; });
  }));
  expect_done({"pause"});
  expect_done({"swap", "build", plugin(2).string()});
  const auto seen = recorded("recorded.txt").size();
  expect_done({"step"});
  EXPECT_TRUE(eventually([&] { return recorded("recorded.txt").size() == seen + 1; }));
  expect_done({"resume"});
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1 2", builds());
}

TEST_F(SwapsTest, ABlockThatIsPausedAloneIsExchangedToo) {
  auto sut = start(numbers());
  wait_until_running();
  wait_for_frames(10);
  expect_done({"pause", "build"});
  const auto paused_at = step_between_frames("build");
  expect_done({"swap", "build", plugin(2).string()});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(paused_at, frames("build"));
  expect_done({"step", "build"});
  EXPECT_EQ(paused_at + 1, frames("build"));
  expect_done({"resume", "build"});
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1 2", builds());
}

TEST_F(SwapsTest, APausedBlockIsPausedInTheBuildBeforeToo) {
  auto sut = start(numbers());
  wait_until_running();
  wait_for_frames(10);
  expect_done({"pause", "build"});
  const auto paused_at = step_between_frames("build");
  expect_done({"swap", "build", plugin(2).string()});
  ::kill(await_worker(sut, "build"), SIGKILL);
  sut.wait_for_errors("the build before it is back");
  EXPECT_TRUE(eventually([&] { return tool({"step", "build"}).status == 0; }));
  EXPECT_EQ(paused_at + 1, frames("build"));
  expect_done({"resume", "build"});
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(SwapsTest, ASourceGoesOnToo) {
  auto sut = start(numbers());
  wait_until_running();
  for (int swap = 0; swap < 3; ++swap) {
    wait_for_frames(10);
    expect_done({"swap", "count"});
  }
  wait_for_frames(10);
  stop(sut);
  EXPECT_EQ("1", builds());
}

TEST_F(SwapsTest, ASourceThatBeginsAnewAgainAndAgainGoesOnToo) {
  auto sut = start(
      circuit("defaults: {backoff: {first: 1ms, limit: 1ms}}\n"
              "blocks:\n"
              "  count: {type: core.counter, restart: always, rate: 1000, params: {count: 40}}\n"
              "  sink: {type: test.recorder}\n"
              "wires: [count.number -> sink.in]\n"));
  wait_until_running();
  for (int swap = 0; swap < 5; ++swap) {
    wait_for_frames(50);
    expect_done({"swap", "count"});
  }
  wait_for_frames(50);
  const auto report = stop(sut);
  EXPECT_EQ(0, report.blocks.at("count").exceptions);
  const auto counted = values();
  for (std::size_t i = 0; i < counted.size(); ++i) {
    ASSERT_EQ(static_cast<std::int64_t>(i) % 40 + 1, counted[i]) << "frame " << i;
    ASSERT_TRUE(recorded("recorded.txt")[i].starts_with(std::to_string(i + 1) + ' '));
  }
}

TEST_F(SwapsTest, ASourceThatWaitsToBeginAnewBeginsInItsNewProcessAtOnce) {
  auto sut =
      start(circuit("blocks:\n"
                    "  source: {type: io.test_pattern, restart: always, params: {frames: 4},\n"
                    "           backoff: {first: 1h, limit: 1h}}\n"
                    "  sink: {type: test.recorder}\n"
                    "wires: [source.frames -> sink.in]\n"));
  for (std::size_t pass = 1; pass <= 3; ++pass) {
    sut.wait_until([&] { return recorded("recorded.txt").size() == 4 * pass; }, "a pass");
    sut.wait_until(
        [&] {
          const auto errors = lines_of(sut.errors());
          return std::ranges::count_if(errors, [](const std::string& line) {
                   return line.find("begins anew in 3600000 ms") != std::string::npos;
                 }) == static_cast<std::ptrdiff_t>(pass);
        },
        "its end");
    if (pass < 3) expect_done({"swap", "source"});
  }
  stop(sut);
  std::vector<std::string> pictures;
  std::int64_t sequence = 0, stamp = -1;
  for (const auto& line : recorded("recorded.txt")) {
    std::istringstream fields(line);
    std::int64_t number = 0, time = 0;
    fields >> number >> time;
    EXPECT_EQ(++sequence, number);
    EXPECT_LT(std::exchange(stamp, time), time);
    pictures.push_back(line.substr(line.rfind(' ') + 1));
  }
  ASSERT_EQ(12U, pictures.size());
  for (std::size_t i = 4; i < pictures.size(); ++i) EXPECT_EQ(pictures[i - 4], pictures[i]);
}

TEST_F(SwapsTest, ABlockThatHasEndedIsNotExchanged) {
  const auto file = circuit(
      "blocks:\n"
      "  short: {type: core.counter, params: {count: 1}}\n"
      "  long: {type: core.counter, rate: 100}\n"
      "  end: {type: core.null}\n"
      "  sink: {type: core.null}\n"
      "wires: [short.number -> end.in, long.number -> sink.in]\n");
  auto sut = start(file);
  wait_until_running();
  EXPECT_TRUE(eventually([&] {
    return tool({"swap", "short"}).errors.find("the block has ended") != std::string::npos;
  }));
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

}  // namespace vcengine::test
