/// What a BlockHarness plays for the block under test: its clock, a pool with no slot, a stop.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "vcengine/harness.hpp"
#include "vcengine/image.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;

/// A source that sends the stamp of its frame at a pace of its own.
struct Metronome final : Block {
  Out<Number> out{this, "out"};
  int beats = 0;

  void process() override {
    set_stamp(beats * 100ms);
    pace(stamp());
    out.publish(beats++);
  }
};

TEST(HarnessClockTest, StandsStillUntilItIsAdvanced) {
  BlockHarness<Metronome> sut;
  sut.step();
  EXPECT_EQ(sut.now(), 0ms);
  sut.advance(250ms);
  EXPECT_EQ(sut.now(), 250ms);
}

TEST(HarnessClockTest, MovesToWhereAPacedSourceSleeps) {
  BlockHarness<Metronome> sut;
  sut.set_paced(true);
  for (int i = 0; i < 4; ++i) sut.step();
  EXPECT_EQ(sut.now(), 300ms);
}

TEST(HarnessClockTest, StandsStillForASourceThatIsNotPaced) {
  BlockHarness<Metronome> sut;
  for (int i = 0; i < 4; ++i) sut.step();
  EXPECT_EQ(sut.now(), 0ms);
}

struct Napper final : Block {
  Out<Number> out{this, "out"};
  void process() override {
    sleep_for(1h);
    out.publish(1);
  }
};

TEST(HarnessClockTest, ASleepTakesNoTimeOfTheTest) {
  BlockHarness<Napper> sut;
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(sut.now(), 1h);
}

/// Wakes at the times of the circuit's clock that it is told.
struct Alarm final : Block {
  Out<Number> out{this, "out"};
  Stamp due{500ms};
  Stamp woke{0};
  void process() override {
    sleep_until(due);
    woke = now();
  }
};

TEST(HarnessClockTest, ABlockSleepsUntilTheCircuitsClockSaysSo) {
  BlockHarness<Alarm> sut;
  sut.advance(200ms);
  sut.step();
  EXPECT_EQ(sut.block().woke, 500ms);
  sut.step();
  EXPECT_EQ(sut.now(), 500ms) << "what is past is not waited for";
}

TEST(HarnessClockTest, NothingWaitsForAMediaClock) {
  BlockHarness<Alarm> sut;
  sut.set_clock(ClockKind::media);
  sut.step();
  EXPECT_EQ(sut.now(), 0ms);
}

TEST(CircuitClockTest, RunsAsFastAsItIsTold) {
  using TimePoint = std::chrono::steady_clock::time_point;
  const CircuitClock sut{.kind = ClockKind::wall, .speed = 2, .origin = TimePoint(1h)};
  EXPECT_EQ(sut.time(TimePoint(1h) + 300ms), 600ms);
  EXPECT_EQ(sut.real(600ms), 300ms);
}

TEST(RateStampsTest, AreExactHoweverLongTheyRunAndNeverGoBack) {
  RateStamps sut;
  Stamp last{-1};
  for (int i = 0; i < 1'000'000; ++i) last = sut.next(30);
  EXPECT_EQ(last, Stamp{std::llround(999'999 * 1e9 / 30)});
  EXPECT_EQ(sut.next(10), last + 100ms) << "the next one is a tenth of a second later";
  EXPECT_EQ(sut.next(10), last + 200ms);
}

struct Ticker final : Block {
  Out<Number> out{this, "out"};
  void process() override { out.publish(1); }
};

TEST(HarnessClockTest, StampsTheFramesOfASourceThatSaysNothing) {
  BlockHarness<Ticker> sut;
  sut.step();
  sut.advance(70ms);
  sut.step();
  const auto first = sut.take<Number>("out");
  const auto second = sut.take<Number>("out");
  EXPECT_EQ(first->stamp(), 0ms);
  EXPECT_EQ(second->stamp(), 70ms);
  EXPECT_EQ(second->header().born - first->header().born, 70ms);
}

struct Repeater final : Block {
  In<Number> in{this, "in"};
  Out<Number> out{this, "out"};
  int calls = 0;
  void process() override {
    ++calls;
    out.publish(*in);
  }
};

TEST(HarnessClockTest, FramesKeepTheTimeTheyWerePutAt) {
  BlockHarness<Repeater> sut;
  sut.put<Number>("in", 1);
  sut.advance(30ms);
  sut.put<Number>("in", 2);
  sut.advance(1s);
  sut.run();
  const auto first = sut.take<Number>("out");
  const auto second = sut.take<Number>("out");
  EXPECT_EQ(second->header().born - first->header().born, 30ms) << "inherited, not made anew";
}

// Loans that fail.

TEST(HarnessLoanTest, FailsAsOftenAsTheTestAsksFor) {
  BlockHarness<Repeater> sut;
  for (int i = 1; i <= 3; ++i) sut.put<Number>("in", i);
  sut.fail_loans("out", 2);
  EXPECT_THROW(sut.step(), FrameError);
  EXPECT_THROW(sut.step(), FrameError);
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(**sut.take<Number>("out"), 3);
  EXPECT_FALSE(sut.take<Number>("out").has_value());
}

TEST(HarnessLoanTest, OfAnUnknownOutputIsRefused) {
  BlockHarness<Repeater> sut;
  EXPECT_THROW(sut.fail_loans("outt"), std::logic_error);
}

/// Leaves half of its picture as it was loaned.
struct HalfPainter final : Block {
  Out<Gray8> out{this, "out"};
  void process() override {
    auto picture = out.loan(cv::Size(4, 2));
    picture->row(0).setTo(7);
    std::move(picture).publish();
  }
};

TEST(HarnessLoanTest, ShowsWhatABlockLeftUnwritten) {
  BlockHarness<HalfPainter> sut;
  sut.step();
  const auto first = sut.take<Gray8>("out");
  EXPECT_EQ((*first)->at<uchar>(0, 3), 7);
  EXPECT_EQ((*first)->at<uchar>(1, 3), 0xCD);
  sut.fill_loans(std::byte{0x11});
  sut.step();
  EXPECT_EQ((*sut.take<Gray8>("out"))->at<uchar>(1, 3), 0x11);
}

/// Keeps a loan for later, and longer than its wires live.
struct Hoarder final : Block {
  Out<Gray8> out{this, "out"};
  std::optional<Loan<Gray8>> kept;
  void process() override {
    if (kept) {
      std::move(*kept).publish();
      kept.reset();
    } else {
      kept.emplace(out.loan(cv::Size(2, 2)));
    }
  }
};

TEST(HarnessLoanTest, MayOutliveItsCallAndItsHarness) {
  BlockHarness<Hoarder> sut;
  for (int i = 0; i < 3; ++i) sut.step();
  EXPECT_TRUE(sut.take<Gray8>("out").has_value());
  EXPECT_FALSE(sut.take<Gray8>("out").has_value()) << "the other one is still kept";
}

// A stop.

TEST(HarnessStopTest, MakesLoansAndSleepsThrowStopping) {
  BlockHarness<Repeater> repeater;
  repeater.put<Number>("in", 1);
  repeater.begin_stop();
  EXPECT_THROW(repeater.step(), Stopping);
  EXPECT_EQ(repeater.block().calls, 1);

  BlockHarness<Napper> napper;
  napper.begin_stop();
  EXPECT_THROW(napper.step(), Stopping);
  EXPECT_EQ(napper.now(), 0ms);
}

struct SameNameTwice final : Block {
  Out<Number> left{this, "out"};
  Out<Number> right{this, "out"};
  void process() override {}
};

TEST(HarnessTest, ANameGivenTwiceIsRefused) {
  BlockHarness<SameNameTwice> sut;
  try {
    sut.step();
    FAIL() << "nothing was thrown";
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(), "the block declares the output 'out' twice");
  }
}

struct StartsOnce final : Block {
  Out<Number> out{this, "out"};
  int starts = 0;

  void start() override { ++starts; }
  void process() override { out.publish(starts); }
};

TEST(HarnessStartTest, StartsASourceWithoutAFrameAndOnlyOnce) {
  BlockHarness<StartsOnce> sut;
  sut.start();
  EXPECT_EQ(sut.block().starts, 1);
  EXPECT_FALSE(sut.take<Number>("out"));
  sut.step();
  EXPECT_EQ(**sut.take<Number>("out"), 1);
}

}  // namespace
}  // namespace vcengine
