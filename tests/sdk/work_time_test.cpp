#include "wire/work_time.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "file_descriptor.hpp"
#include "tests/sdk/test_pool.hpp"
#include "wire/segment.hpp"
#include "wire/waiter.hpp"

namespace vcengine::wire {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

class WorkTimeTest : public testing::Test {
 protected:
  /// As long as a wait lasts, by the clock.
  static void let_time_pass() {
    for (const auto until = Clock::now() + 2ms; Clock::now() < until;) continue;
  }

  StatusPage& made_page() {
    init_status_page(bytes_.bytes());
    return status_page(bytes_.bytes());
  }

  Mapping bytes_ = Mapping::anonymous(sizeof(StatusPage));
  StatusPage& status_ = made_page();
};

TEST_F(WorkTimeTest, ACallIsAtWorkFromItsBeginningToItsEnd) {
  EXPECT_EQ(at_work(status_, Clock::now()), std::nullopt);
  const auto begin = Clock::now();
  begin_work(status_, begin);
  EXPECT_EQ(at_work(status_, begin + 3s), 3s);
  end_work(status_);
  EXPECT_EQ(at_work(status_, begin + 3s), std::nullopt);
}

TEST_F(WorkTimeTest, WhatItWaitsForDoesNotCount) {
  const auto begin = Clock::now() - 10s;  // it has worked for 10 s when it begins to wait
  begin_work(status_, begin);
  {
    const Rest rest(&status_, Clock::now());
    EXPECT_EQ(at_work(status_, Clock::now()), std::nullopt);
    let_time_pass();
  }
  const auto now = Clock::now();
  const auto worked = at_work(status_, now);
  ASSERT_TRUE(worked);
  EXPECT_GE(*worked, 10s) << "what it worked before the wait counts";
  EXPECT_LE(*worked, now - begin - 2ms) << "the wait counts";
}

TEST_F(WorkTimeTest, AWaitOutsideACallDoesNotBeginOne) {
  { const Rest rest(&status_, Clock::now()); }
  EXPECT_EQ(at_work(status_, Clock::now()), std::nullopt);
  const Rest without_a_page(nullptr, Clock::now());
}

TEST_F(WorkTimeTest, AWorkerThatSleepsForTheHostIsNotAtWork) {
  const auto host_bytes = Mapping::anonymous(host_page_size(1));
  init_host_page(host_bytes.bytes(), 1);
  SharedWaiter waiter(host_page(host_bytes.bytes()), FileDescriptor(), &status_);
  const auto begin = Clock::now();
  begin_work(status_, begin);
  bool at_rest = false;
  waiter.wait_for_host(
      [&] {
        at_rest = at_work(status_, Clock::now()) == std::nullopt;
        let_time_pass();
        return true;
      },
      Clock::time_point::max());
  EXPECT_TRUE(at_rest);
  const auto now = Clock::now();
  EXPECT_LE(at_work(status_, now).value(), now - begin - 2ms);
}

TEST_F(WorkTimeTest, ATimeOutOfRangeIsNotWork) {
  status_.at_work_since = std::numeric_limits<std::uint64_t>::max();
  EXPECT_LT(at_work(status_, Clock::now()).value(), 0s);
}

}  // namespace
}  // namespace vcengine::wire
