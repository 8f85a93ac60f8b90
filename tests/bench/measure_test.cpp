// Each measurement does what it says, a few times: frames arrive, counts are counts. How long it
// took is not asked here.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "measure/allocations.hpp"
#include "measure/cores.hpp"
#include "measure/limits.hpp"
#include "measure/processes.hpp"
#include "measure/shared_array.hpp"
#include "measure/system_calls.hpp"
#include "measure/wire_counts.hpp"
#include "measure/wire_fan_out.hpp"
#include "measure/wire_hops.hpp"
#include "measure/wire_publish_cost.hpp"
#include "measure/wire_rate.hpp"

namespace vcengine::bench {
namespace {

constexpr std::size_t kFew = 10;

void expect_times(const std::vector<double>& times, std::size_t count) {
  ASSERT_EQ(count, times.size());
  // Half of them: what a clock's cost is subtracted from may come out below nothing once.
  EXPECT_GT(std::ranges::count_if(times, [](double time) { return time > 0; }), count / 2);
}

class MeasureTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!two_cores()) GTEST_SKIP() << "there is one core only";
  }
};

TEST_F(MeasureTest, ALimitIsATimeForEachHop) {
  for (const auto pace : {Pace::back_to_back, Pace::after_idleness}) {
    expect_times(cache_line_hops(pace, kFew), kFew);
    expect_times(futex_hops(pace, kFew), kFew);
  }
}

TEST_F(MeasureTest, MemoryIsCopiedAndTouched) {
  expect_times(copies(k1080p, kFew), kFew);
  expect_times(first_touches(k4KiB, kFew), kFew);
}

TEST_F(MeasureTest, FramesHopBetweenTwoProcesses) {
  for (const auto waiting : {Waiting::spin, Waiting::sleep}) {
    for (const auto pace : {Pace::back_to_back, Pace::after_idleness}) {
      for (const auto touch : {Touch::line, Touch::all}) {
        expect_times(wire_hops({waiting, pace, k4KiB, touch}, kFew), kFew);
      }
    }
  }
}

TEST_F(MeasureTest, NothingIsLostOnAWireThatWaits) {
  const auto rate = wire_rate({.policy = wire::Policy::wait, .depth = 2}, 1000);
  EXPECT_GT(rate.published, 0);
  EXPECT_EQ(rate.published, rate.taken);
}

TEST_F(MeasureTest, NoMoreIsTakenThanPublishedOnAWireThatDrops) {
  const auto rate = wire_rate({.policy = wire::Policy::drop_oldest, .depth = 1}, 100'000);
  EXPECT_GT(rate.taken, 0);
  EXPECT_LE(rate.taken, rate.published);
}

TEST_F(MeasureTest, EachReaderOfAFanOutGetsEachFrame) {
  const auto times = wire_fan_out(3, kFew);
  expect_times(times.first, kFew);
  expect_times(times.publish, kFew);
  std::size_t apart = 0;
  for (std::size_t i = 0; i < kFew; ++i) {
    EXPECT_LE(times.first[i], times.last[i]);
    if (times.first[i] < times.last[i]) ++apart;
  }
  EXPECT_GT(apart, 0U);
}

TEST_F(MeasureTest, TheProducerGoesOnBesideAStoppedReader) {
  const auto costs = wire_publish_costs(kFew);
  expect_times(costs.no_reader, kFew);
  expect_times(costs.running, kFew);
  expect_times(costs.stopped, kFew);
}

TEST_F(MeasureTest, ABusyWireOfSpinnersMakesNoSystemCallAndNoAllocation) {
  const auto counts = wire_busy_counts(Busy::spinning, 500);
  EXPECT_EQ(0, counts.system_calls.value_or(0));
  EXPECT_EQ(0, counts.allocations.value_or(0));
}

TEST_F(MeasureTest, AWriterThatMustWaitIsSeenToCallTheKernel) {
  const auto counts = wire_busy_counts(Busy::back_pressed, 500);
  if (!counts.system_calls) GTEST_SKIP() << "no process may be traced here";
  EXPECT_GT(*counts.system_calls, 0);
}

TEST_F(MeasureTest, PagesTouchedForTheFirstTimeAreSeenAsFaults) {
  EXPECT_GT(wire_faults(Holding::uneven, 0, kFew).writer, 0);
}

TEST(ProcessesTest, OneThatFailsEndsThemAll) {
  Processes sut;
  sut.start({}, [] {
    for (;;) ::pause();
  });
  sut.start({}, [] { throw std::runtime_error("as it should in this test"); });
  EXPECT_THROW(sut.wait(), std::runtime_error);
  EXPECT_TRUE(sut.running().empty());
}

TEST(ProcessesTest, WaitsForOneWhileOthersGoOn) {
  Processes sut;
  sut.start({}, [] {
    for (;;) ::pause();
  });
  const auto brief = sut.start({}, [] {});
  sut.wait_for(brief);
  EXPECT_EQ(1U, sut.running().size());
}

TEST(SystemCallsTest, AreCountedBetweenTheMarksOnly) {
  const Shared<std::atomic<bool>> go;
  Processes processes;
  const auto traced = processes.start({}, [&] {
    while (!*go) std::this_thread::yield();
    mark();
    for (int i = 0; i < 3; ++i) ::getuid();
    mark();
    ::getuid();
  });
  const auto counts = count_system_calls(processes, [&] { *go = true; });
  if (!counts) GTEST_SKIP() << "no process may be traced here";
  EXPECT_EQ(3U, counts->at(traced));
}

TEST(AllocationsTest, AreCountedWhoeverMakesThem) {
  const auto before = allocations();
  if (!before) GTEST_SKIP() << "a sanitizer allocates here";
  void* volatile by_malloc = std::malloc(1);  // volatile: not optimised away
  int* volatile by_new = new int;
  const auto after = allocations();
  std::free(by_malloc);
  delete by_new;
  EXPECT_EQ(*before + 2, *after);
}

}  // namespace
}  // namespace vcengine::bench
