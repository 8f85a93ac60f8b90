/// What a block keeps: how an author writes it, when it counts, and what a successor gets of it.
#include "vcengine/state.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "tests/sdk/runner_fixture.hpp"
#include "vcengine/harness.hpp"

namespace vcengine {
namespace {

using detail::BlockAccess;
using std::chrono_literals::operator""ms;

struct Sums {
  double total = 0;
  std::int64_t count = 0;

  friend bool operator==(const Sums&, const Sums&) = default;
};

enum class Mode : std::uint8_t { slow, fast };

struct Keeper final : Block {
  In<Number> in{this, "in"};
  Out<Number> out{this, "out"};
  Param<int> step{this, "step", {.init = 1}, "How much a frame counts"};
  State<std::int64_t> seen{this, "seen", 100};
  State<bool> odd{this, "odd"};
  State<Mode> mode{this, "mode", Mode::slow};
  State<Sums> sums{this, "sums"};
  State<std::optional<Stamp>> last{this, "last"};
  std::function<void()> at_start = [] {};
  std::function<void()> at_end = [] {};

  void start() override { at_start(); }
  void process() override {
    *seen += step;
    odd = !odd;
    mode = Mode::fast;
    sums->total += *in;
    ++sums->count;
    last = stamp();
    out.publish(static_cast<double>(seen));
    at_end();
  }
};

TEST(StateTest, IsUsedAsItsValue) {
  Keeper sut;
  sut.seen = 3;
  sut.seen = sut.seen + 1;
  ++*sut.seen;
  EXPECT_TRUE(sut.seen == 5);
  EXPECT_TRUE(5 == sut.seen && sut.seen < 6);
  EXPECT_EQ(sut.seen.get(), 5);
  const std::int64_t copy = sut.seen;
  EXPECT_EQ(copy, 5);
  EXPECT_FALSE(sut.odd);
  EXPECT_TRUE(sut.mode == Mode::slow);
  sut.sums->total = 2;
  sut.sums = Sums{.total = sut.sums->total * 2, .count = 1};
  EXPECT_EQ(*sut.sums, (Sums{4, 1}));
  EXPECT_FALSE(sut.last->has_value());
}

TEST(StateTest, IsSetFromAnotherOneOfItsType) {
  struct Two final : Block {
    State<int> newer{this, "newer", 2};
    State<int> older{this, "older", 1};
    void process() override {}
  } sut;
  sut.older = sut.newer;
  EXPECT_TRUE(sut.older == 2);
}

TEST(StateTest, AResetBringsBackWhatItBeganWith) {
  Keeper sut;
  sut.seen = 3;
  sut.seen.reset();
  EXPECT_TRUE(sut.seen == 100);
}

TEST(StateTest, DescribesItself) {
  Keeper sut;
  EXPECT_EQ(sut.seen.info(), (StateInfo{.name = "seen", .type = "i64", .size = 8}));
  EXPECT_EQ(sut.odd.info().type, "bool");
  EXPECT_EQ(sut.mode.info().type, "u8");
  EXPECT_EQ(sut.sums.info(), (StateInfo{.name = "sums", .type = "bytes", .size = sizeof(Sums)}));
  struct Timed final : Block {
    State<Stamp> due{this, "due"};
    void process() override {}
  } timed;
  EXPECT_EQ(timed.due.info().type, "duration");
}

static_assert(!std::is_copy_constructible_v<State<int>>, "a State belongs to its block");
static_assert(std::is_convertible_v<const State<int>&, int>);

/// A life of a block after another on one status page, each wired by hand.
class StateRunnerTest : public detail::BlockRunnerTest {
 protected:
  struct Life {
    Keeper block;
    wire::TestPool from{{{.depth = 8}}}, to{{{.depth = 8}}};
    std::unique_ptr<detail::BlockRunner> runner;
  };

  /// `prepare`: what the block is to do in start() and process().
  std::unique_ptr<Life> begin(const std::function<void(Keeper&)>& prepare = [](auto&) {}) {
    auto life = std::make_unique<Life>();
    prepare(life->block);
    life->runner.reset(new detail::BlockRunner(run(
        life->block, {{&life->block.in, life->from.readers[0]}}, to(life->block.out, life->to))));
    life->runner->start();
    return life;
  }
  static void frame(Life& life, double value, Stamp stamp) {
    send(life.from, value, stamp);
    ASSERT_TRUE(step(*life.runner));
  }
};

TEST_F(StateRunnerTest, ASuccessorStartsFromTheLastFrame) {
  auto first = begin();
  frame(*first, 5, 40ms);
  frame(*first, 6, 80ms);
  first.reset();
  auto found = Sums{};
  const auto second = begin([&](Keeper& block) { block.at_start = [&] { found = block.sums; }; });
  EXPECT_EQ(found, (Sums{11, 2})) << "start() finds it already";
  EXPECT_TRUE(second->block.seen == 102);
  EXPECT_TRUE(second->block.mode == Mode::fast);
  EXPECT_EQ(*second->block.last, Stamp(80ms));
}

TEST_F(StateRunnerTest, ADeathWithinAFrameLeavesTheOneBefore) {
  auto first = begin();
  frame(*first, 5, 40ms);
  auto second = std::unique_ptr<Life>();
  // As its successor would find it if the process died at the end of process().
  first->block.at_end = [&] { second = begin(); };
  frame(*first, 6, 80ms);
  EXPECT_EQ(*second->block.sums, (Sums{5, 1}));
}

TEST_F(StateRunnerTest, AFrameIsOutBeforeItsStateIsKeptAndNotDoneUntilThen) {
  auto first = begin();
  auto second = std::unique_ptr<Life>();
  first->block.at_end = [&] {
    EXPECT_EQ(first->to.writer_page().head.load(), 1U);
    EXPECT_NE(status().trigger.load(), 0U);
  };
  frame(*first, 5, 40ms);
  EXPECT_EQ(status().trigger.load(), 0U);
}

TEST_F(StateRunnerTest, AnExceptionUndoesWhatTheFrameChanged) {
  auto first = begin([](Keeper& block) { block.at_start = [&] { block.seen = 7; }; });
  first->block.at_end = [] { throw std::runtime_error("no"); };
  send(first->from, 5, 40ms);
  EXPECT_THROW(step(*first->runner), std::runtime_error);
  EXPECT_TRUE(first->block.seen == 7) << "as start() left it";
  first->block.at_end = [] {};
  frame(*first, 6, 80ms);
  first->block.at_end = [] { throw std::runtime_error("no"); };
  send(first->from, 7, 120ms);
  EXPECT_THROW(step(*first->runner), std::runtime_error);
  EXPECT_EQ(*first->block.sums, (Sums{6, 1})) << "as the last good frame left it";
  EXPECT_EQ(*begin()->block.sums, (Sums{6, 1})) << "a successor finds the same";
}

TEST_F(StateRunnerTest, AFrameThatAStopInterruptsChangesNothing) {
  auto first = begin();
  first->block.at_end = [] { throw Stopping(); };
  send(first->from, 5, 40ms);
  EXPECT_THROW(step(*first->runner), Stopping);
  EXPECT_TRUE(first->block.seen == 100);
  EXPECT_TRUE(begin()->block.seen == 100);
}

TEST_F(StateRunnerTest, AResetIsKeptLikeAnyChange) {
  auto first = begin();
  frame(*first, 5, 40ms);
  first->block.at_end = [&] { first->block.seen.reset(); };
  frame(*first, 6, 80ms);
  EXPECT_TRUE(begin()->block.seen == 100);
}

struct OtherNames final : Block {
  State<std::int64_t> counted{this, "counted", 1};
  void process() override {}
};
struct OtherType final : Block {
  State<double> counted{this, "counted", 1};
  void process() override {}
};
struct OtherName final : Block {
  State<double> counted{this, "called", 2};
  void process() override {}
};

TEST_F(StateRunnerTest, ABlockOfOtherNamesOrTypesBeginsAnewAndSaysSo) {
  const auto state_of = [&](auto& block) {
    testing::internal::CaptureStderr();
    auto runner = run(block, {});
    const auto said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("begins anew"), std::string::npos) << said;
    runner.start();
    return block.counted.get();
  };
  begin()->block.seen = 3;
  OtherNames names;
  EXPECT_EQ(state_of(names), 1);
  names.counted = 9;
  OtherType type;
  EXPECT_EQ(state_of(type), 1.0);
  OtherName name;
  EXPECT_EQ(state_of(name), 2.0);
}

TEST_F(StateRunnerTest, ABlockWithoutStateLeavesThePageAsItIs) {
  struct Plain final : Block {
    void process() override {}
  } block;
  auto runner = run(block, {});
  runner.start();
  runner.process();
  EXPECT_EQ(status().kept_schema.load(), 0U);
  EXPECT_EQ(status().kept_commits.load(), 0U);
}

TEST_F(StateRunnerTest, MoreThanThereIsRoomForIsRefusedInWords) {
  struct Hoarder final : Block {
    State<std::array<double, 500>> table{this, "table"};
    State<std::array<double, 12>> sums{this, "sums"};
    State<std::int8_t> one{this, "one"};
    void process() override {}
  } block;
  try {
    run(block, {});
    ADD_FAILURE() << "was not refused";
  } catch (const std::length_error& error) {
    EXPECT_STREQ(error.what(),
                 "the block declares 4097 bytes of state ('table' 4000, 'sums' 96, 'one' 1), and a "
                 "block keeps at most 4096; what is larger goes into a file");
  }
}

TEST_F(StateRunnerTest, AllThereIsRoomForIsKept) {
  struct Full final : Block {
    State<std::array<unsigned char, 4095>> table{this, "table"};
    State<unsigned char> last{this, "last"};
    void process() override {
      table->fill(3);
      last = 4;
    }
  };
  Full first, second;
  auto runner = run(first, {});
  runner.start();
  runner.process();
  run(second, {});
  EXPECT_EQ(second.table->back(), 3);
  EXPECT_TRUE(second.last == 4);
}

/// Has as many States as its setting says.
struct Many final : Block {
  Out<Number> sum{this, "sum"};
  Param<int> count{this, "count", {.min = 1, .init = 1}, "How many"};
  std::vector<State<double>*> states;

  void declare(Setup& setup) override {
    for (int i = 0; i < count; ++i) {
      states.push_back(&setup.add<State<double>>("state_" + std::to_string(i), 0.5));
    }
  }
  void process() override {
    double total = 0;
    for (auto* state : states) total += ++**state;
    sum.publish(total);
  }
};

TEST(StateHarnessTest, ARestartKeepsStatesSettingsAndFramesThatWait) {
  BlockHarness<Keeper> sut;
  sut.set("step", 10);
  for (const double value : {1.0, 2.0, 3.0}) sut.put<Number>("in", value);
  sut.step();
  sut.step();
  sut.restart();
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(*sut.block().sums, (Sums{6, 3}));
  EXPECT_EQ(**sut.take<Number>("out"), 110) << "sent before";
  EXPECT_EQ(**sut.take<Number>("out"), 120) << "sent before";
  const auto third = sut.take<Number>("out");
  EXPECT_EQ(**third, 130);
  EXPECT_EQ(third->header().sequence, 3U);
  EXPECT_EQ(third->stamp(), Stamp(80ms));
  EXPECT_FALSE(sut.take<Number>("out"));
}

TEST(StateHarnessTest, WhatIsAMemberDiesInARestartWithoutAStop) {
  struct Forgetful final : Block {
    Out<Number> out{this, "out"};
    int calls = 0;
    void process() override { out.publish(++calls); }
    void stop() override { ADD_FAILURE() << "a process that dies does not call it"; }
  };
  BlockHarness<Forgetful> sut;
  sut.step();
  sut.step();
  sut.restart();
  sut.step();
  EXPECT_EQ(sut.block().calls, 1);
  sut.restart();
}

TEST(StateHarnessTest, StatesThatDependOnSettingsSurviveLikeOthers) {
  BlockHarness<Many> sut;
  sut.set("count", 3);
  sut.step();
  sut.restart();
  sut.step();
  sut.take<Number>("sum");
  EXPECT_EQ(**sut.take<Number>("sum"), 7.5);
}

TEST(StateHarnessTest, ARestartAgainAndAgainLosesNothing) {
  BlockHarness<Keeper> sut;
  for (int life = 1; life <= 20; ++life) {
    sut.put<Number>("in", 1);
    ASSERT_TRUE(sut.step());
    sut.restart();
  }
  for (int frame = 1; frame <= 20; ++frame) {
    EXPECT_EQ(**sut.take<Number>("out"), 100 + frame);
  }
}

}  // namespace
}  // namespace vcengine
