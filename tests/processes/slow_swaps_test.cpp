/// What happens to a block while the process that is to take its place comes up.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/processes/support/rebuilt_circuit.hpp"

namespace vcengine::test {

class SlowSwapsTest : public RebuiltTest {
 protected:
  /// Numbers through test.build, whose build 8 can be held up; a frame that it dies on is not lost.
  std::string slow(std::string_view more = "") const {
    return numbers(", on_crash: retry, env: {TEST_HOLD_UP: \"" + folder().string() + "\"}" +
                   std::string(more));
  }
  /// The next process of build 8 stops at that: "loading" or "starting".
  void hold_up(const char* step) const { std::ofstream(folder() / step) << "\n"; }
  void let_go(const char* step) const { std::filesystem::remove(folder() / step); }

  ControlClient begin_swap(int build) const {
    auto client = client_of(folder());
    client.send({{"op", "swap"}, {"block", "build"}, {"plugin", plugin(build).string()}});
    return client;
  }
  /// What became of it; empty: it was done.
  static std::string outcome(ControlClient& client) {
    const auto answer = client.receive();
    if (!answer) return "the host has ended";
    return flag_of(*answer, "ok") ? "" : text_of(*answer, "error");
  }
  void wait_until_held_up(Process& host, const std::string& step) const {
    host.wait_until([&] { return std::filesystem::exists(folder() / (step + ".reached")); },
                    "a process that is " + step);
  }
  /// The process of the block beside the one that runs.
  static pid_t candidate(const Process& host, pid_t running) {
    for (const auto& worker : workers_of(host.pid())) {
      if (worker.name.ends_with("/build") && worker.pid != running) return worker.pid;
    }
    throw std::runtime_error("there is no candidate");
  }
  static void expect_nothing_lost(const Report& report) {
    for (const auto& [name, wire] : report.wires) {
      EXPECT_EQ(wire.published, wire.taken + wire.in_flight) << name;
    }
  }
};

TEST_F(SlowSwapsTest, ABlockThatDiesMeanwhileComesBackAndIsExchangedThen) {
  hold_up("loading");
  auto sut = start(slow());
  wait_until_running();
  wait_for_frames(10);
  const auto running = await_worker(sut, "build");
  auto client = begin_swap(8);
  wait_until_held_up(sut, "loading");
  ::kill(running, SIGKILL);
  wait_for_frames(10);
  let_go("loading");
  EXPECT_EQ("", outcome(client));
  wait_for_frames(10);
  expect_nothing_lost(stop(sut));
  EXPECT_EQ("1 8", builds());
}

TEST_F(SlowSwapsTest, ABlockThatIsDownWhenItsSuccessorHasLoadedIsExchangedAtOnce) {
  hold_up("loading");
  auto sut = start(slow(", backoff: {first: 1h, limit: 1h}"));
  wait_until_running();
  wait_for_frames(10);
  const auto running = await_worker(sut, "build");
  auto client = begin_swap(8);
  wait_until_held_up(sut, "loading");
  ::kill(running, SIGKILL);
  sut.wait_for_errors("block build starts again in 3600000 ms");
  let_go("loading");
  EXPECT_EQ("", outcome(client));
  wait_for_frames(10);
  expect_nothing_lost(stop(sut));
  EXPECT_EQ("1 8", builds());
}

TEST_F(SlowSwapsTest, ACandidateThatIsKilledCostsNothing) {
  hold_up("loading");
  auto sut = start(slow());
  wait_until_running();
  wait_for_frames(10);
  const auto running = await_worker(sut, "build");
  auto client = begin_swap(8);
  wait_until_held_up(sut, "loading");
  ::kill(candidate(sut, running), SIGKILL);
  EXPECT_TRUE(contains(outcome(client),
                       "build stays as it was: its new build crashed while it was loading "));
  EXPECT_EQ(running, worker(sut, "build"));
  wait_for_frames(10);
  let_go("loading");
  expect_done({"swap", "build", plugin(8).string()});
  wait_for_frames(10);
  expect_nothing_lost(stop(sut));
  EXPECT_EQ("1 8", builds());
}

TEST_F(SlowSwapsTest, WhereOneIsKilledThatHasJustTakenItsPlaceTheBuildBeforeComesBack) {
  hold_up("starting");
  auto sut = start(slow());
  wait_until_running();
  wait_for_frames(10);
  auto client = begin_swap(8);
  wait_until_held_up(sut, "starting");
  ::kill(await_worker(sut, "build"), SIGKILL);
  EXPECT_TRUE(contains(outcome(client), "the build before it is back"));
  wait_for_frames(10);
  expect_nothing_lost(stop(sut));
  EXPECT_EQ("1", builds());
}

TEST_F(SlowSwapsTest, ABlockThatIsPausedMeanwhileStaysPausedInItsNewProcess) {
  hold_up("loading");
  auto sut = start(slow());
  wait_until_running();
  wait_for_frames(10);
  auto client = begin_swap(8);
  wait_until_held_up(sut, "loading");
  expect_done({"pause", "build"});
  const auto paused_at = step_between_frames("build");
  let_go("loading");
  EXPECT_EQ("", outcome(client));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(paused_at, frames("build"));
  expect_done({"resume", "build"});
  wait_for_frames(10);
  expect_nothing_lost(stop(sut));
  EXPECT_EQ("1 8", builds());
}

TEST_F(SlowSwapsTest, ABlockThatIsPausedAsItStartsIsPausedWhenItRuns) {
  hold_up("starting");
  auto sut = start(slow());
  wait_until_running();
  wait_for_frames(10);
  auto client = begin_swap(8);
  wait_until_held_up(sut, "starting");
  expect_done({"pause", "build"});
  let_go("starting");
  EXPECT_EQ("", outcome(client));
  const auto paused_at = step_between_frames("build");  // also waits until it has heard it
  for (int i = 0; i < 20; ++i) EXPECT_EQ(paused_at, frames("build"));
  expect_done({"resume", "build"});
  wait_for_frames(10);
  expect_nothing_lost(stop(sut));
  EXPECT_EQ("1 8", builds());
}

}  // namespace vcengine::test
