/// Readers that take nothing from a full wire, and those that cannot help it.
#include "engine/run/reader_watch.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

using namespace std::chrono_literals;
using Doing = StallWatch::Doing;

enum Block : std::size_t { source, middle, sink };
enum Wire : std::size_t { into_middle, into_sink, beside };

void add_wire(Plan& plan, Block from, Block to) {
  auto& wire = plan.wires.emplace_back();
  wire.from_block = from;
  wire.to_block = to;
}

/// source -> middle -> sink, source -> sink; the wire into `middle` stalls after 5 s.
Plan watched_plan() {
  Plan plan;
  plan.blocks.resize(3);
  add_wire(plan, source, middle);
  add_wire(plan, middle, sink);
  add_wire(plan, source, sink);
  plan.wires[into_middle].stall = StallRule{.after = 5s, .then = OnStall::warn};
  return plan;
}

/// The wire into `middle` is full, and that one is at work on something.
class ReaderWatchTest : public testing::Test {
 protected:
  ReaderWatchTest() {
    for (auto& wire : wires) wire.depth = 2;
    wires[into_middle].waiting = 2;
    blocks[middle].doing = Doing::works;
  }

  std::vector<ReaderWatch::Finding> look_after(std::chrono::nanoseconds time) {
    now += time;
    return sut.look(blocks, wires, now);
  }
  /// Looks at the beginning and after a time that is long enough.
  bool stalls() {
    look_after(0s);
    const auto found = look_after(5s);
    return found.size() == 1 && found[0].wire == into_middle && found[0].stalls;
  }

  Plan plan = watched_plan();
  std::vector<StallWatch::BlockNow> blocks{3};
  std::vector<StallWatch::WireNow> wires{3};
  StallWatch::TimePoint now{1h};
  ReaderWatch sut{plan};
};

TEST_F(ReaderWatchTest, AReaderThatTakesNothingFromAFullWireStalls) { EXPECT_TRUE(stalls()); }

TEST_F(ReaderWatchTest, ItIsToldOnceHowLongItTookNothing) {
  look_after(0s);
  EXPECT_TRUE(look_after(4999ms).empty()) << "not yet";
  const auto found = look_after(1s);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].time, 5999ms);
  EXPECT_TRUE(look_after(10s).empty()) << "it is known by now";
}

TEST_F(ReaderWatchTest, ThatItGoesOnIsToldToo) {
  ASSERT_TRUE(stalls());
  wires[into_middle] = {.waiting = 1, .depth = 2, .next = 1};
  const auto found = look_after(2s);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].stalls);
  EXPECT_EQ(found[0].time, 7s);
  wires[into_middle].waiting = 2;
  EXPECT_TRUE(look_after(4s).empty()) << "its time begins anew";
  EXPECT_EQ(look_after(5s).size(), 1U) << "it can stall again";
}

TEST_F(ReaderWatchTest, ASlowReaderThatTakesOneNowAndThenDoesNotStall) {
  for (int i = 0; i < 5; ++i) {
    ++wires[into_middle].next;
    EXPECT_TRUE(look_after(4s).empty()) << i;
  }
}

TEST_F(ReaderWatchTest, WhereThereIsRoomNobodyWaitsForTheReader) {
  wires[into_middle].waiting = 1;
  EXPECT_FALSE(stalls());
}

TEST_F(ReaderWatchTest, AWireThatDropsHoldsUpNobody) {
  wires[into_middle].waits = false;
  EXPECT_FALSE(stalls());
}

TEST_F(ReaderWatchTest, AWireWithoutTheSettingIsNotWatched) {
  wires[into_middle].waiting = 0;
  wires[into_sink].waiting = 2;
  blocks[sink].doing = Doing::works;
  look_after(0s);
  EXPECT_TRUE(look_after(1h).empty());
}

TEST_F(ReaderWatchTest, WhoWaitsForRoomIsNotAtFault) {
  blocks[middle].doing = Doing::waits_for_space;
  wires[into_sink].waiting = 2;
  EXPECT_FALSE(stalls());
}

TEST_F(ReaderWatchTest, WhoWasStoppedWhileItWaitedForRoomIsOnceThereIsSome) {
  blocks[middle].doing = Doing::waits_for_space;
  wires[into_sink].waiting = 1;
  EXPECT_TRUE(stalls());
}

TEST_F(ReaderWatchTest, WhoWasStoppedWhileItWaitedForAFrameIsOnceThereIsOne) {
  blocks[middle].doing = Doing::waits_for_input;
  EXPECT_TRUE(stalls());
}

TEST_F(ReaderWatchTest, WhoWaitsForAPartnerOfAFrameIsNotAtFault) {
  plan.wires[into_sink].stall = StallRule{.after = 5s, .then = OnStall::warn};
  ReaderWatch of_both(plan);
  wires[into_middle].waiting = 0;
  wires[into_sink].waiting = 2;
  blocks[sink].doing = Doing::waits_for_input;  // nothing comes on the wire beside
  static_cast<void>(of_both.look(blocks, wires, now));
  EXPECT_TRUE(of_both.look(blocks, wires, now + 1h).empty());
  wires[beside].waiting = 1;  // that may be too early for the others
  EXPECT_TRUE(of_both.look(blocks, wires, now + 1h).empty());
  wires[beside].waiting = 2;
  static_cast<void>(of_both.look(blocks, wires, now + 1h));
  EXPECT_EQ(of_both.look(blocks, wires, now + 2h).size(), 1U);
}

TEST_F(ReaderWatchTest, WhatIsNotTakenWhileSomebodyIsPausedSaysNothing) {
  look_after(0s);
  now += 4s;
  sut.excuse_all(now);
  EXPECT_TRUE(look_after(4s).empty());
  EXPECT_EQ(look_after(1s).size(), 1U);
}

TEST_F(ReaderWatchTest, WhoIsBetweenTwoProcessesIsNotAtFault) {
  blocks[middle].down = true;
  EXPECT_FALSE(stalls());
}

}  // namespace
}  // namespace vcengine
