/// When a live source lets its next frame in.
#include "admission.hpp"

#include <gtest/gtest.h>

#include "tests/sdk/test_pool.hpp"

namespace vcengine::detail {
namespace {

using wire::WorkerState;
using namespace std::chrono_literals;
using TimePoint = AdmissionForecast::TimePoint;
using std::chrono::milliseconds;

/// The status pages of a group, and a clock that stands still.
class Group {
 public:
  struct Shape {
    std::vector<std::size_t> after;
    bool joins = false;
  };
  explicit Group(const std::vector<Shape>& shapes) {
    std::vector<AdmissionForecast::Member> members;
    for (const auto& shape : shapes) {
      pages_.push_back(wire::Mapping::anonymous(sizeof(wire::StatusPage)));
      wire::init_status_page(pages_.back().bytes());
      members.push_back({&page(pages_.size() - 1), shape.after, shape.joins});
    }
    sut = std::make_unique<AdmissionForecast>(std::move(members));
  }

  wire::StatusPage& page(std::size_t i) { return wire::status_page(pages_[i].bytes()); }
  void usually_takes(std::size_t i, milliseconds work) {
    page(i).work.store(static_cast<std::uint64_t>(std::chrono::nanoseconds(work).count()));
  }
  void set_state(std::size_t i, WorkerState state) {
    page(i).state.store(static_cast<std::uint32_t>(state));
    page(i).since.store(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  }
  void begins(std::size_t i) { set_state(i, WorkerState::running); }
  /// All frames with a stamp below this are behind it.
  void is_done(std::size_t i, milliseconds stamp) {
    page(i).done.store(static_cast<std::uint64_t>(std::chrono::nanoseconds(stamp).count()));
    set_state(i, WorkerState::waiting_input);
  }
  void let_in(milliseconds stamp) { sut->admitted(stamp, now); }

  static constexpr auto kNotYet = -1ms;  // not before a member got further
  /// From now on.
  milliseconds ready_in() {
    const auto ready = sut->ready_at(now);
    if (ready - now > 1s) return kNotYet;  // patience
    return std::chrono::duration_cast<milliseconds>(std::max(ready - now, 0ns));
  }

  TimePoint now{1h};
  std::unique_ptr<AdmissionForecast> sut;

 private:
  std::vector<wire::Mapping> pages_;
};

TEST(AdmissionForecastTest, TheFirstFrameGoesInAtOnce) {
  Group sut({{}, {}, {{0, 1}, true}});
  EXPECT_EQ(sut.ready_in(), 0ms);
}

TEST(AdmissionForecastTest, TheNextGoesInWhenTheSlowerBranchIsDone) {
  Group sut({{}, {}, {{0, 1}, true}});
  sut.let_in(0ms);
  sut.begins(0);
  sut.begins(1);
  EXPECT_EQ(sut.ready_in(), Group::kNotYet);
  sut.is_done(0, 1ms);
  EXPECT_EQ(sut.ready_in(), Group::kNotYet);
  sut.is_done(1, 1ms);
  EXPECT_EQ(sut.ready_in(), 0ms) << "the join waits for nothing but these two";
}

TEST(AdmissionForecastTest, AFrameArrivesAtASlowLaterBlockWhenThatIsDone) {
  Group sut({{}, {{0}}});
  sut.usually_takes(0, 10ms);
  sut.usually_takes(1, 50ms);
  sut.let_in(0ms);
  sut.begins(0);
  sut.now += 10ms;
  sut.is_done(0, 1ms);
  EXPECT_EQ(sut.ready_in(), 40ms) << "it has not begun yet, but it is about to";
  sut.begins(1);
  EXPECT_EQ(sut.ready_in(), 40ms);
  sut.now += 40ms;
  EXPECT_EQ(sut.ready_in(), 0ms);
}

TEST(AdmissionForecastTest, AQueueInFrontOfALaterBlockCounts) {
  Group sut({{}, {{0}}});
  sut.usually_takes(0, 10ms);
  sut.usually_takes(1, 50ms);
  sut.let_in(0ms);
  sut.let_in(33ms);
  sut.is_done(0, 34ms);
  sut.begins(1);
  EXPECT_EQ(sut.ready_in(), 90ms);
}

TEST(AdmissionForecastTest, ABlockThatSkipsAFrameIsDoneWithIt) {
  Group sut({{}, {{0}}});
  sut.usually_takes(0, 10ms);
  sut.usually_takes(1, 50ms);
  sut.let_in(0ms);
  sut.is_done(0, 1ms);
  sut.is_done(1, 1ms);
  EXPECT_EQ(sut.ready_in(), 0ms);
}

TEST(AdmissionForecastTest, AFrameStillOnItsWayToASlowBlockCounts) {
  Group sut({{}, {{0}}, {{1}}});
  sut.usually_takes(0, 10ms);
  sut.usually_takes(1, 10ms);
  sut.usually_takes(2, 100ms);
  sut.let_in(0ms);
  sut.is_done(0, 1ms);
  sut.is_done(1, 1ms);
  sut.begins(2);
  sut.now += 80ms;
  EXPECT_EQ(sut.ready_in(), 0ms);
  sut.let_in(33ms);
  sut.is_done(0, 34ms);
  EXPECT_EQ(sut.ready_in(), 100ms) << "after the frame of 33 ms, which is not there yet";
}

TEST(AdmissionForecastTest, AJoinThatWaitsForAnotherSourceKeepsNobodyOut) {
  Group sut({{{}, true}});
  sut.usually_takes(0, 2ms);
  sut.let_in(0ms);
  sut.set_state(0, WorkerState::waiting_input);
  EXPECT_EQ(sut.ready_in(), 2ms);
  sut.now += 2ms;
  EXPECT_EQ(sut.ready_in(), 0ms);
}

TEST(AdmissionForecastTest, ABlockThatHasEndedIsNotWaitedFor) {
  Group sut({Group::Shape{}});
  sut.let_in(0ms);
  sut.begins(0);
  sut.set_state(0, WorkerState::finished);
  EXPECT_EQ(sut.ready_in(), 0ms);
}

TEST(AdmissionForecastTest, ABlockThatHangsDoesNotLockTheSourceOutForEver) {
  Group sut({Group::Shape{}});
  sut.usually_takes(0, 10ms);
  sut.let_in(0ms);
  sut.begins(0);
  sut.now += 1019ms;
  EXPECT_EQ(sut.ready_in(), 1ms);
}

}  // namespace
}  // namespace vcengine::detail
