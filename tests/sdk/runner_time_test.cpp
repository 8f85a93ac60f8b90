/// What a runner makes of stamps: offline, with delayed outputs, in partial matches.
#include "tests/sdk/runner_fixture.hpp"

namespace vcengine::detail {
namespace {

class RunnerTimeTest : public BlockRunnerTest {};

constexpr RunnerOptions kOffline{.sync = {}, .offline = true, .admitted = false};

/// in + 100 * latest
struct Mix final : Block {
  In<Number> in{this, "in"};
  Latest<Number> latest{this, "latest"};
  Out<Number> out{this, "out"};
  void process() override { out.publish(*in + 100 * latest.value_or(0)); }
};

std::vector<double> numbers(TestPool& pool) {
  std::vector<double> found;
  while (auto frame = wire::take_one(*pool.readers[0])) {
    found.push_back(FrameTraits<Number>::view(*frame));
  }
  return found;
}

TEST_F(RunnerTimeTest, OfflineALatestHasTheValueOfItsStamp) {
  TestPool in({{Policy::wait, 8}}), latest({{Policy::wait, 8}}), result({{Policy::wait, 8}});
  Mix mix;
  auto sut = run(mix, {{&mix.in, in.readers[0]}, {&mix.latest, latest.readers[0]}},
                 to(mix.out, result), kOffline);
  for (int i = 0; i < 3; ++i) send(latest, i + 1, i * 10ms);  // 1 at 0, 2 at 10, 3 at 20 ms
  send(in, 1, 0ms);
  send(in, 2, 15ms);
  while (step(sut)) {
  }
  EXPECT_EQ(numbers(result), (std::vector<double>{101, 202}));
}

TEST_F(RunnerTimeTest, OfflineAFrameWaitsUntilItsLatestIsCertain) {
  TestPool in({{Policy::wait, 8}}), latest({{Policy::wait, 8}}), result({{Policy::wait, 8}});
  Mix mix;
  auto sut = run(mix, {{&mix.in, in.readers[0]}, {&mix.latest, latest.readers[0]}},
                 to(mix.out, result), kOffline);
  send(in, 1, 10ms);
  EXPECT_FALSE(step(sut)) << "a value of 10 ms may still come";
  EXPECT_FALSE(sut.might_be_ready());
  EXPECT_EQ(sut.readers().size(), 2U) << "both are worth waiting for";
  send(latest, 5, 10ms);
  EXPECT_TRUE(sut.might_be_ready());
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(numbers(result), (std::vector<double>{501}));
}

TEST_F(RunnerTimeTest, OfflineTheEndOfALatestIsCertain) {
  TestPool in({{Policy::wait, 8}}), latest({{Policy::wait, 8}}), result({{Policy::wait, 8}});
  Mix mix;
  auto sut = run(mix, {{&mix.in, in.readers[0]}, {&mix.latest, latest.readers[0]}},
                 to(mix.out, result), kOffline);
  send(in, 1, 10ms);
  latest.writer->end();
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(numbers(result), (std::vector<double>{1}));
}

TEST_F(RunnerTimeTest, OfflineALoopReadsWhatWasBefore) {
  TestPool in({{Policy::wait, 8}}), latest({{Policy::wait, 8}}), result({{Policy::wait, 8}});
  Mix mix;
  auto sut = run(mix, {{&mix.in, in.readers[0]}, {&mix.latest, latest.readers[0], true}},
                 to(mix.out, result), kOffline);
  latest.writer->advance_bound(Stamp(10ms).count(), false);
  send(in, 1, 10ms);
  EXPECT_TRUE(step(sut)) << "what comes at 10 ms is made of this frame";
  send(latest, 7, 10ms);
  send(in, 2, 20ms);
  EXPECT_FALSE(step(sut));
  latest.writer->advance_bound(Stamp(20ms).count(), false);
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(numbers(result), (std::vector<double>{1, 702}));
}

/// Values that pile up before their reader's next frame must not hold up their writer: it may be
/// the one that makes that frame.
TEST_F(RunnerTimeTest, OfflineValuesThatAreOverAreTakenBeforeTheFrameComes) {
  TestPool in({{Policy::wait, 8}}), latest({{Policy::wait, 2}});
  Mix mix;
  TestPool result({{Policy::wait, 8}});
  auto sut = run(mix, {{&mix.in, in.readers[0]}, {&mix.latest, latest.readers[0]}},
                 to(mix.out, result), kOffline);
  in.writer->advance_bound(Stamp(100ms).count(), false);
  for (int i = 0; i < 20; ++i) {
    send(latest, i, i * 5ms);
    EXPECT_FALSE(step(sut));
  }
  EXPECT_EQ(latest.readers[0]->dropped(wire::DropReason::superseded), 19U);
}

TEST_F(RunnerTimeTest, OfflineABlockAtARateReadsItsLatestByStampAndEndsWithIt) {
  struct Beat final : Block {
    Latest<Number> value{this, "value"};
    Out<Number> out{this, "out"};
    void process() override { out.publish(value.value_or(-1)); }
  };
  TestPool latest({{Policy::wait, 8}}), result({{Policy::wait, 16}});
  Beat beat;
  auto sut = run(beat, {{&beat.value, latest.readers[0]}}, to(beat.out, result), kOffline);
  sut.set_period(10ms);
  EXPECT_FALSE(step(sut));
  send(latest, 1, 5ms);
  send(latest, 2, 30ms);
  latest.writer->end();
  while (step(sut)) {
  }
  EXPECT_EQ(numbers(result), (std::vector<double>{-1, 1, 1, 2}));  // at 0, 10, 20, 30 ms
  EXPECT_EQ(sut.poll(), Ready::finished);
}

/// Whether the end is heard of before or after a call must not matter.
TEST_F(RunnerTimeTest, OfflineABlockAtARateGoesOnToWhereItsLatestGot) {
  struct Beat final : Block {
    Latest<Number> value{this, "value"};
    void process() override {}
  };
  for (const bool heard_late : {false, true}) {
    TestPool latest({{Policy::wait, 8}});
    Beat beat;
    status().processed.store(0);  // or it would go on where the one before was
    auto sut = run(beat, {{&beat.value, latest.readers[0]}}, {}, kOffline);
    sut.set_period(10ms);
    send(latest, 1, 5ms);
    latest.writer->advance_bound(Stamp(45ms).count(), false);
    int calls = 0;
    for (; heard_late && step(sut); ++calls) {
    }
    latest.writer->end();
    for (; step(sut); ++calls) {
    }
    EXPECT_EQ(calls, 5) << "at 0, 10, 20, 30 and 40 ms";
    EXPECT_EQ(sut.poll(), Ready::finished);
  }
}

TEST_F(RunnerTimeTest, ABlockAtARateSaysAtOnceWhenItsNextFrameComes) {
  struct Tick final : Block {
    Out<Number> out{this, "out"};
    void process() override {}
  };
  TestPool result({{Policy::wait, 8}});
  Tick tick;
  auto sut = run(tick, {}, to(tick.out, result));
  sut.set_period(10ms);
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(Stamp{result.readers[0]->bound()}, 10ms);
}

/// Keeps each frame back for one call.
struct Late final : Block {
  In<Number> in{this, "in"};
  Out<Number> out{this, "out", "", Delayed{.frames = 1}};
  std::optional<std::pair<double, Stamp>> kept;
  void process() override {
    const auto now = std::pair(*in, stamp());
    if (kept) {
      set_stamp(kept->second);
      out.publish(kept->first);
    }
    kept = now;
  }
};

TEST_F(RunnerTimeTest, AJoinWaitsForADelayedOutputAndNoLonger) {
  TestPool source({{Policy::wait, 4}, {Policy::wait, 4}}), late({{Policy::wait, 4}});
  Late block;
  Join join;
  auto first = run(block, {{&block.in, source.readers[0]}}, to(block.out, late));
  auto sut = run(join, {{&join.a, source.readers[1]}, {&join.b, late.readers[0]}});
  for (int i = 1; i <= 5; ++i) {
    send(source, i, i * 40ms);
    while (step(first) || step(sut)) {
    }
  }
  EXPECT_EQ(join.pairs, (std::vector<std::pair<double, double>>{{1, 1}, {2, 2}, {3, 3}, {4, 4}}));
  EXPECT_EQ(source.readers[1]->dropped(wire::DropReason::unmatched), 0U);
}

/// Whoever reads it has gone on to where its own input was.
TEST_F(RunnerTimeTest, WhatIsSentAtTheEndIsNotStampedBeforeWhatReadersWereTold) {
  struct Echo final : Block {
    In<Number> in{this, "in"};
    Out<Number> out{this, "out"};
    void process() override {}
    void drain() override {
      set_stamp(5ms);
      out.publish(1);
    }
  };
  TestPool source({{Policy::wait, 8}}), result({{Policy::wait, 8}}), behind({{Policy::wait, 8}});
  Echo echo;
  Sieve sieve;
  auto first = run(echo, {{&echo.in, source.readers[0]}}, to(echo.out, result));
  auto second = run(sieve, {{&sieve.in, result.readers[0]}}, to(sieve.out, behind));
  send(source, 1, 40ms);
  while (step(first) || step(second)) {
  }
  source.writer->end();
  ASSERT_EQ(first.poll(), Ready::finished);
  first.drain();
  first.end_outputs();
  EXPECT_TRUE(step(second));
  EXPECT_GT(wire::take_one(*behind.readers[0])->header().stamp, 40ms);
}

TEST_F(RunnerTimeTest, AFrameLaterThanDeclaredIsRefused) {
  struct TooLate final : Block {
    In<Number> in{this, "in"};
    Out<Number> out{this, "out", "", Delayed{.frames = 1}};
    Stamp first{-1};
    int calls = 0;
    void process() override {
      if (calls == 0) first = stamp();
      if (++calls < 3) return;
      set_stamp(first);
      out.publish(0);
    }
  };
  TestPool source({{Policy::wait, 8}}), late({{Policy::wait, 4}});
  TooLate block;
  auto sut = run(block, {{&block.in, source.readers[0]}}, to(block.out, late));
  for (int i = 1; i <= 3; ++i) send(source, i, i * 40ms);
  EXPECT_TRUE(step(sut));
  EXPECT_TRUE(step(sut));
  EXPECT_THROW(step(sut), FrameError);
}

/// What is there of two.
struct Either final : Block {
  Optional<In<Number>> a{this, "a"};
  Optional<In<Number>> b{this, "b"};
  std::vector<std::string> seen;
  std::vector<Stamp> stamps;
  void process() override {
    seen.push_back((a ? std::to_string(static_cast<int>(*a)) : "-") + "+" +
                   (b ? std::to_string(static_cast<int>(*b)) : "-"));
    stamps.push_back(stamp());
  }
};

TEST_F(RunnerTimeTest, APartialMatchShowsWhatIsMissing) {
  TestPool a({{Policy::wait, 8}}), b({{Policy::wait, 8}});
  Either either;
  auto sut = run(either, {{&either.a, a.readers[0]}, {&either.b, b.readers[0]}}, {},
                 {.sync = {.partial = true}});
  send(a, 1, 10ms);
  send(b, 2, 20ms);
  send(a, 3, 30ms);
  send(b, 4, 30ms);
  while (step(sut)) {
  }
  EXPECT_EQ(either.seen, (std::vector<std::string>{"1+-", "-+2", "3+4"}));
  EXPECT_EQ(either.stamps, (std::vector<Stamp>{10ms, 20ms, 30ms}));
  EXPECT_EQ(status().partial.load(), 2U);
}

TEST_F(RunnerTimeTest, WhatIsMadeOfSeveralFramesIsAsOldAsTheOldest) {
  TestPool a({{Policy::wait, 8}}), b({{Policy::wait, 8}}), result({{Policy::wait, 8}});
  struct Sum final : Block {
    In<Number> a{this, "a"};
    In<Number> b{this, "b"};
    Out<Number> out{this, "out"};
    void process() override { out.publish(*a + *b); }
  } sum;
  auto sut = run(sum, {{&sum.a, a.readers[0]}, {&sum.b, b.readers[0]}}, to(sum.out, result));
  const auto born_at = [](TestPool& pool, Born born) {
    auto header = wire::header_of(1);
    header.type = FrameTraits<Number>::kType;
    header.size = sizeof(double);
    header.stamp = 40ms;
    header.born = born;
    pool.writer->publish(*pool.writer->try_loan(), header);
  };
  born_at(a, 300ms);
  born_at(b, 200ms);
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(wire::take_one(*result.readers[0])->header().born, Born{200ms});
  born_at(a, 400ms);
  born_at(b, 500ms);
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(wire::take_one(*result.readers[0])->header().born, Born{400ms});
}

TEST_F(RunnerTimeTest, DtIsMediaTimeBetweenTwoCalls) {
  struct Dt final : Block {
    In<Number> in{this, "in"};
    std::vector<Stamp> dts;
    void process() override { dts.push_back(dt()); }
  } block;
  TestPool source({{Policy::wait, 8}});
  auto sut = run(block, {{&block.in, source.readers[0]}});
  send(source, 1, 100ms);
  send(source, 2, 140ms);
  send(source, 3, 141ms);
  while (step(sut)) {
  }
  EXPECT_EQ(block.dts, (std::vector<Stamp>{0ms, 40ms, 1ms}));
}

TEST_F(RunnerTimeTest, ASourceEndsBeforeTheStampItIsLimitedTo) {
  struct Count final : Block {
    Out<Number> out{this, "out"};
    int calls = 0;
    void process() override {
      set_stamp(calls * 40ms);
      out.publish(calls++);
    }
  } count;
  TestPool result({{Policy::wait, 8}});
  auto sut = run(count, {}, to(count.out, result));
  sut.limit_stamps(100ms);
  while (step(sut)) {
  }
  EXPECT_EQ(sut.poll(), Ready::finished);
  EXPECT_EQ(numbers(result), (std::vector<double>{0, 1, 2}));
}

TEST_F(RunnerTimeTest, AnAdmittedBlockSaysHowFarItIs) {
  TestPool source({{Policy::wait, 8}});
  Sieve sieve;
  TestPool result({{Policy::wait, 8}});
  auto sut = run(sieve, {{&sieve.in, source.readers[0]}}, to(sieve.out, result),
                 {.sync = {}, .offline = false, .admitted = true});
  send(source, 1, 40ms);
  ASSERT_EQ(sut.poll(), Ready::yes);
  EXPECT_EQ(status().done.load(), Stamp(40ms).count()) << "the frame is not behind it yet";
  EXPECT_EQ(status().state.load(), static_cast<std::uint32_t>(wire::WorkerState::running));
  sut.process();
  EXPECT_EQ(sut.poll(), Ready::no);
  EXPECT_EQ(status().done.load(), Stamp(40ms).count() + 1);
  EXPECT_GT(status().work.load(), 0U);
}

}  // namespace
}  // namespace vcengine::detail
