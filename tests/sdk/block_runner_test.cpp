/// Several runners wired by hand, as the workers of a circuit are, on one thread.
#include "block_runner.hpp"

#include "tests/sdk/runner_fixture.hpp"

namespace vcengine::detail {
namespace {

TEST_F(BlockRunnerTest, AChainOfTwoSkippingBranchesNeverStallsAJoinOfDepthOne) {
  TestPool source({{Policy::wait, 1}, {Policy::wait, 1}});
  TestPool middle({{Policy::wait, 1}});
  TestPool last({{Policy::wait, 1}});
  Sieve by_2, by_3;
  by_2.every.set(std::int64_t{2});
  by_3.every.set(std::int64_t{3});
  Join join;
  auto first = run(by_2, {{&by_2.in, source.readers[0]}}, to(by_2.out, middle));
  auto second = run(by_3, {{&by_3.in, middle.readers[0]}}, to(by_3.out, last));
  auto sut = run(join, {{&join.a, source.readers[1]}, {&join.b, last.readers[0]}});

  constexpr int kFrames = 60;
  for (int i = 1; i <= kFrames; ++i) {
    ASSERT_TRUE(source.writer->has_space()) << "stalled at frame " << i;
    send(source, i, i * 40ms);
    while (step(first) || step(second) || step(sut)) {
    }
  }
  source.writer->end();
  EXPECT_EQ(first.poll(), Ready::finished);
  first.end_outputs();
  EXPECT_EQ(second.poll(), Ready::finished);
  second.end_outputs();
  while (step(sut)) {
  }

  EXPECT_EQ(sut.poll(), Ready::finished);
  ASSERT_EQ(join.pairs.size(), 10U);
  for (std::size_t i = 0; i < join.pairs.size(); ++i) {
    const auto expected = 6.0 * static_cast<double>(i + 1);
    EXPECT_EQ(join.pairs[i], std::pair(expected, expected));
  }
  EXPECT_EQ(source.readers[1]->dropped(wire::DropReason::unmatched), 50U);
}

/// A block that said "this stamp is over" after the first of several frames of one stamp made a
/// join throw away the partners of the others.
TEST_F(BlockRunnerTest, FramesOfEqualStampsThroughABranchAllFindTheirPartners) {
  TestPool source({{Policy::wait, 4}, {Policy::wait, 4}});
  TestPool branch({{Policy::wait, 4}});
  Sieve sieve;
  Join join;
  auto first = run(sieve, {{&sieve.in, source.readers[0]}}, to(sieve.out, branch));
  auto sut = run(join, {{&join.a, source.readers[1]}, {&join.b, branch.readers[0]}});

  for (int i = 1; i <= 3; ++i) {
    send(source, i, 40ms, i == 3);
    while (step(first) || step(sut)) {
    }
  }

  EXPECT_EQ(join.pairs, (std::vector<std::pair<double, double>>{{1, 1}, {2, 2}, {3, 3}}));
}

TEST_F(BlockRunnerTest, ASkippedFrameIsNewsBeforeTheNextOneIsProcessed) {
  TestPool source({{Policy::wait, 4}});
  TestPool branch({{Policy::wait, 4}});
  Sieve sieve;
  sieve.every.set(std::int64_t{100});
  auto sut = run(sieve, {{&sieve.in, source.readers[0]}}, to(sieve.out, branch));
  send(source, 1, 40ms);
  send(source, 2, 80ms);
  ASSERT_TRUE(step(sut));

  ASSERT_EQ(sut.poll(), Ready::yes);

  EXPECT_GT(Stamp{branch.readers[0]->bound()}, 40ms);
}

TEST_F(BlockRunnerTest, ASkippedFrameWakesASleepingReader) {
  TestPool source({{Policy::wait, 4}});
  TestPool branch({{Policy::wait, 4}});
  Sieve sieve;
  sieve.every.set(std::int64_t{100});
  auto sut = run(sieve, {{&sieve.in, source.readers[0]}}, to(sieve.out, branch));
  branch.readers[0]->announce_wait();
  send(source, 1, 40ms);

  while (step(sut)) {
  }

  EXPECT_EQ(branch.memory->doorbell.rings, 1);
}

TEST_F(BlockRunnerTest, EndsOnlyWhenAllInsHaveEnded) {
  TestPool a({{Policy::wait, 4}}), b({{Policy::wait, 4}});
  Join join;
  auto sut = run(join, {{&join.a, a.readers[0]}, {&join.b, b.readers[0]}});
  send(a, 1, 1ms);
  send(b, 1, 1ms);
  send(b, 2, 2ms);
  a.writer->end();

  EXPECT_TRUE(step(sut));
  EXPECT_EQ(sut.poll(), Ready::no);
  EXPECT_EQ(b.readers[0]->dropped(wire::DropReason::unmatched), 1U);
  b.writer->end();
  EXPECT_EQ(sut.poll(), Ready::finished);
}

TEST_F(BlockRunnerTest, AskingWhetherItIsReadyTakesNothing) {
  TestPool a({{Policy::wait, 4}}), b({{Policy::wait, 4}});
  Join join;
  auto sut = run(join, {{&join.a, a.readers[0]}, {&join.b, b.readers[0]}});
  EXPECT_FALSE(sut.might_be_ready());
  send(a, 1, 1ms);
  send(b, 1, 1ms);
  EXPECT_TRUE(sut.might_be_ready());
  EXPECT_FALSE(sut.finished());
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(join.pairs.size(), 1U);
}

TEST_F(BlockRunnerTest, AFrameOfAnotherTypeIsDroppedAndCounted) {
  TestPool source({{Policy::wait, 4}});
  Sieve sieve;
  TestPool branch({{Policy::wait, 4}});
  auto sut = run(sieve, {{&sieve.in, source.readers[0]}}, to(sieve.out, branch));
  publish_next(*source.writer);  // bytes
  send(source, 5, 40ms);

  EXPECT_TRUE(step(sut));
  EXPECT_FALSE(step(sut));

  EXPECT_EQ(source.readers[0]->dropped(wire::DropReason::wrong_type), 1U);
  EXPECT_EQ(status().processed.load(), 1U);
}

TEST_F(BlockRunnerTest, AFrameThatLiesAboutItsSizeCostsOnlyItself) {
  TestPool source({{Policy::wait, 4}});
  Sieve sieve;
  TestPool branch({{Policy::wait, 4}});
  auto sut = run(sieve, {{&sieve.in, source.readers[0]}}, to(sieve.out, branch));
  auto header = wire::header_of(1);
  header.type = FrameTraits<Number>::kType;
  header.size = 3;
  source.writer->publish(*source.writer->try_loan(), header);
  send(source, 5, 40ms);

  EXPECT_TRUE(step(sut));

  EXPECT_EQ(wire::take_one(*branch.readers[0])->header().cause, 2U);
  EXPECT_EQ(status().exceptions.load(), 1U);
}

struct Beat final : Block {
  Latest<Number> value{this, "value"};
  Out<Number> out{this, "out"};
  void process() override { out.publish(value.value_or(-1)); }
};

TEST_F(BlockRunnerTest, ABlockWithOnlyLatestsIsNotTriggeredAndNotEndedByThem) {
  TestPool source({{Policy::drop_oldest, 1}});
  TestPool result({{Policy::wait, 8}});
  Beat beat;
  auto sut = run(beat, {{&beat.value, source.readers[0]}}, to(beat.out, result));
  const auto value = [&] {
    EXPECT_TRUE(step(sut));
    return FrameTraits<Number>::view(*wire::take_one(*result.readers[0]));
  };
  EXPECT_TRUE(sut.free_running());
  EXPECT_FALSE(sut.is_source());
  EXPECT_TRUE(sut.readers().empty()) << "nothing to sleep on";
  EXPECT_EQ(value(), -1);
  send(source, 3, 1ms);
  send(source, 4, 2ms);
  EXPECT_EQ(value(), 4);
  source.writer->end();
  EXPECT_EQ(value(), 4) << "the last value stays";
  EXPECT_EQ(source.readers[0]->dropped(wire::DropReason::superseded), 1U);
  sut.limit_calls(3);
  EXPECT_EQ(sut.poll(), Ready::finished);
}

struct Pair final : Block {
  Out<Number> left{this, "left"};
  Out<Number> right{this, "right"};
  int calls = 0;
  void process() override {
    set_stamp(++calls * 40ms);
    left.publish(calls);
  }
};

TEST_F(BlockRunnerTest, ASourceThatSendsOnOneOutputSaysHowFarItIsOnAll) {
  TestPool left({{Policy::wait, 4}}), right({{Policy::wait, 4}});
  Pair pair;
  auto sut = run(pair, {}, to(pair.left, left, pair.right, right));
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(Stamp{right.readers[0]->bound()}, Stamp{40ms} + Stamp{1});
}

class Counting final : public Block {
 public:
  Out<Number> numbers{this, "numbers"};
  void process() override { numbers.publish(1); }
  void drain() override { numbers.publish(2); }
};

// Killed after it had told its readers the end and before it told the host: its successor went on
// behind that, and its readers said that the wire was corrupt.
TEST_F(BlockRunnerTest, WhatAPredecessorEndedIsOver) {
  TestPool pool({{Policy::wait, 4}});
  wire::publish_next(*pool.writer);
  pool.writer->end();
  const std::vector<wire::RingWriter::Reader> pages{{&pool.reader_page(0), &pool.line(0)}};
  pool.writer = std::make_unique<wire::RingWriter>(pool.writer_page(), pool.memory->payload.bytes(),
                                                   pages, pool.memory->doorbell);
  Counting block;
  auto sut = run(block, {}, to(block.numbers, pool));
  EXPECT_EQ(sut.poll(), Ready::finished);
  sut.drain();
  sut.end_outputs();
  EXPECT_TRUE(wire::take_one(*pool.readers[0]));
  FrameRef none;
  EXPECT_EQ(pool.readers[0]->take(none), wire::RingReader::Status::ended);
  EXPECT_EQ(pool.writer_page().head.load(), 1U);
}

class Idle final : public Block {
 public:
  In<Number> in{this, "in"};
  void process() override {}
};

TEST_F(BlockRunnerTest, WhatAPredecessorHeldIsKeptForAsLongAsTheHostReadsIt) {
  TestPool pool({{Policy::wait, 4}});
  send(pool, 1, 0ms);
  send(pool, 2, 40ms);
  const auto dead = wire::take_one(*pool.readers[0]);
  wire::Word32 keep_holds{1};
  Idle block;
  auto sut = run(block, {{&block.in, pool.make_reader(0)}}, {}, {.keep_holds = &keep_holds});
  const auto holds = [&] {
    return std::ranges::count_if(pool.reader_page(0).hold,
                                 [](const auto& hold) { return hold.load() == 1; });
  };
  EXPECT_TRUE(step(sut));
  EXPECT_EQ(1, holds());
  keep_holds.store(0);
  EXPECT_EQ(sut.poll(), Ready::no);
  EXPECT_EQ(0, holds());
}

TEST_F(BlockRunnerTest, ASourceThatWaitsForASlotIsStopped) {
  TestPool left({{Policy::wait, 1}}), right({{Policy::wait, 1}});
  Pair pair;
  auto sut = run(pair, {}, to(pair.left, left, pair.right, right));
  EXPECT_TRUE(step(sut));
  waiter_.state = wire::RunState::stop_sources;
  EXPECT_EQ(sut.poll(), Ready::yes);
  EXPECT_THROW(sut.process(), Stopping);
}

}  // namespace
}  // namespace vcengine::detail
