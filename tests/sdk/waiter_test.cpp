#include "wire/waiter.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <cstdlib>
#include <thread>

#include "tests/sdk/test_pool.hpp"

namespace vcengine::wire {
namespace {

using Clock = std::chrono::steady_clock;
using Status = RingReader::Status;

constexpr auto kForever = Clock::time_point::max();
constexpr auto kNoSafety =
    std::chrono::hours(1);  // so that a lost wake-up hangs, for the watchdog to see

/// Two workers that sleep in one way or the other.
class WaiterTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!GetParam() && !has_futex_waitv()) GTEST_SKIP() << "this kernel has no futex_waitv";
    for (auto& eventfd : eventfds_) {
      if (GetParam()) eventfd = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    }
  }

  SharedWaiter make_waiter(std::size_t worker, const HostPage& host) {
    FileDescriptor own;
    if (GetParam()) own = FileDescriptor(::dup(eventfds_[worker].get()));
    return SharedWaiter(host, std::move(own), nullptr, kNoSafety);
  }
  /// A doorbell that wakes `worker`.
  std::unique_ptr<Doorbell> bell_of(std::size_t worker) {
    if (!GetParam()) return std::make_unique<FutexDoorbell>();
    return std::make_unique<EventfdDoorbell>(std::vector<int>{eventfds_[worker].get()});
  }

  FileDescriptor eventfds_[2];
};

INSTANTIATE_TEST_SUITE_P(, WaiterTest, testing::Bool(), [](const auto& way) {
  return way.param ? std::string("eventfd") : std::string("futex");
});

TEST_P(WaiterTest, NoWakeUpIsLostInPingPong) {
  constexpr std::uint64_t kRounds = 20'000;
  const auto to_1 = bell_of(1);
  const auto to_0 = bell_of(0);
  TestPool there({{Policy::drop_oldest, 1}}, {}, to_1.get());
  TestPool back({{Policy::drop_oldest, 1}}, {}, to_0.get());

  const auto play = [&](std::size_t worker, TestPool& out, TestPool& in) {
    auto sut = make_waiter(worker, there.host());
    FrameHeader header;
    for (std::uint64_t round = 1; round <= kRounds; ++round) {
      if (worker == 0) publish_next(*out.writer);
      while (!take_one(*in.readers[0])) {
        sut.wait_for_frames(
            in.readers, [&] { return in.readers[0]->peek(header) != Status::empty; }, kForever);
      }
      if (worker == 1) publish_next(*out.writer);
    }
  };
  std::thread other([&] { play(1, back, there); });
  play(0, there, back);
  other.join();

  EXPECT_EQ(back.writer->head(), kRounds);
}

TEST_P(WaiterTest, NoWakeUpIsLostWhileTheWriterWaitsForSpace) {
  constexpr std::uint64_t kRounds = 20'000;
  // Each rings whoever sleeps: with eventfds, that is both.
  std::unique_ptr<Doorbell> bell = std::make_unique<FutexDoorbell>();
  if (GetParam()) {
    bell =
        std::make_unique<EventfdDoorbell>(std::vector<int>{eventfds_[0].get(), eventfds_[1].get()});
  }
  TestPool pool({{Policy::wait, 1}}, {}, bell.get());
  std::thread other([&] {
    auto sut = make_waiter(1, pool.host());
    FrameHeader header;
    for (std::uint64_t taken = 0; taken < kRounds;) {
      if (take_one(*pool.readers[0])) {
        ++taken;
      } else {
        sut.wait_for_frames(
            pool.readers, [&] { return pool.readers[0]->peek(header) != Status::empty; }, kForever);
      }
    }
  });
  auto sut = make_waiter(0, pool.host());
  const auto has_space = [&] { return pool.writer->has_space(); };
  while (pool.writer->head() < kRounds) {
    while (!has_space()) sut.wait_for_space(*pool.writer, has_space);
    publish_next(*pool.writer);
  }
  other.join();
  EXPECT_EQ(pool.writer_page().want.load(), 0U);
}

TEST_P(WaiterTest, TheHostsBellWakesWhoeverSleeps) {
  const auto host_rings = [&](HostPage& host, std::size_t worker) {
    host.run_state.store(static_cast<std::uint32_t>(RunState::abort));
    host.bell.fetch_add(1);
    bell_of(worker)->ring(host.bell);
  };
  TestPool pool({{Policy::wait, 1}});
  std::atomic<bool> awake{false};
  std::thread sleeper([&] {
    auto sut = make_waiter(0, pool.host());
    while (sut.run_state() != RunState::abort) {
      sut.wait_for_frames(
          pool.readers, [&] { return sut.run_state() == RunState::abort; }, kForever);
    }
    awake = true;
  });
  while (pool.reader_page(0).waiting.load() == 0)
    std::this_thread::yield();  // it is about to sleep
  host_rings(pool.host(), 0);
  sleeper.join();
  EXPECT_TRUE(awake);

  pool.host().run_state.store(static_cast<std::uint32_t>(RunState::run));
  publish_next(*pool.writer);
  std::thread writer([&] {
    auto sut = make_waiter(1, pool.host());
    while (sut.run_state() != RunState::abort) {
      sut.wait_for_space(*pool.writer, [&] { return sut.run_state() == RunState::abort; });
    }
  });
  while (pool.writer_page().want.load() == 0) std::this_thread::yield();
  host_rings(pool.host(), 1);
  writer.join();
}

TEST_P(WaiterTest, ReturnsAtItsDeadline) {
  TestPool pool({{Policy::wait, 1}});
  auto sut = make_waiter(0, pool.host());
  const auto due = Clock::now() + std::chrono::milliseconds(5);
  while (Clock::now() < due)
    sut.wait_for_frames(
        pool.readers, [] { return false; }, due);
  sut.wait_for_frames(
      pool.readers, [] { return false; }, Clock::time_point::min());
  EXPECT_EQ(pool.reader_page(0).waiting.load(), 0U);
}

TEST_P(WaiterTest, DoesNotSleepOnAnEndOrABoundThatCameBeforeItAnnouncedItself) {
  TestPool pool({{Policy::wait, 1}});
  auto sut = make_waiter(0, pool.host());
  pool.writer->advance_bound(40, true);
  sut.wait_for_frames(
      pool.readers, [&] { return pool.readers[0]->bound() >= 40; }, kForever);
  pool.writer->end();
  FrameHeader header;
  sut.wait_for_frames(
      pool.readers, [&] { return pool.readers[0]->peek(header) == Status::ended; }, kForever);
}

TEST_P(WaiterTest, WhoSpinsDoesNotSayThatHeSleepsBeforeHisTimeIsUp) {
  TestPool pool({{Policy::wait, 1}});
  auto sut = make_waiter(0, pool.host());
  sut.set_spin(std::chrono::hours(1));
  publish_next(*pool.writer);
  int looks = 0;
  sut.wait_for_frames(
      pool.readers,
      [&] {
        EXPECT_EQ(pool.reader_page(0).waiting.load(), 0U);
        return ++looks == 1000;
      },
      kForever);
  sut.wait_for_space(*pool.writer, [&] {
    EXPECT_EQ(pool.writer_page().want.load(), 0U);
    return ++looks == 2000;
  });
  EXPECT_EQ(looks, 2000);
  EXPECT_GT(sut.slept_for_space().count(), 0) << "it is not the block's work";
}

TEST_P(WaiterTest, WhoHasSpunInVainSleepsAsOthersDo) {
  TestPool pool({{Policy::wait, 1}});
  auto sut = make_waiter(0, pool.host());
  sut.set_spin(std::chrono::microseconds(50));
  const auto bell = bell_of(0);
  std::thread sleeper([&] {
    while (sut.run_state() != RunState::abort) {
      sut.wait_for_frames(
          pool.readers, [&] { return sut.run_state() == RunState::abort; }, kForever);
    }
  });
  while (pool.reader_page(0).waiting.load() == 0) std::this_thread::yield();
  pool.host().run_state.store(static_cast<std::uint32_t>(RunState::abort));
  pool.host().bell.fetch_add(1);
  bell->ring(pool.host().bell);
  sleeper.join();
}

TEST_P(WaiterTest, SleepsOnMoreWiresThanOneCallTakes) {
  const auto bell = bell_of(0);
  const std::size_t count = kMaxSleeps + 20;
  std::vector<std::unique_ptr<TestPool>> pools;
  std::vector<std::shared_ptr<RingReader>> readers;
  for (std::size_t i = 0; i < count; ++i) {
    pools.push_back(std::make_unique<TestPool>(std::vector<ReaderSpec>{{Policy::wait, 1}}));
    readers.push_back(pools.back()->readers[0]);
  }
  auto& host = pools[0]->host();
  std::thread sleeper([&] {
    auto sut = make_waiter(0, host);
    while (sut.run_state() != RunState::abort) {
      sut.wait_for_frames(
          readers, [&] { return sut.run_state() == RunState::abort; }, kForever);
    }
  });
  while (pools.back()->reader_page(0).waiting.load() == 0) std::this_thread::yield();
  host.run_state.store(static_cast<std::uint32_t>(RunState::abort));
  host.bell.fetch_add(1);
  bell->ring(host.bell);
  sleeper.join();
}

TEST(FutexTest, CanBeRefusedByTheEnvironment) {
  ::setenv("VCENGINE_NO_FUTEX_WAITV", "1", 1);
  EXPECT_FALSE(has_futex_waitv());
  ::unsetenv("VCENGINE_NO_FUTEX_WAITV");
}

TEST(FutexTest, DoesNotSleepOnAWordThatChanged) {
  Word32 word{5};
  const Sleep sleep{&word, 4};
  futex_wait({&sleep, 1}, kForever);
}

TEST(FutexTest, SleepsAndIsWokenThroughAReadOnlyMapping) {
  if (!has_futex_waitv()) GTEST_SKIP() << "this kernel has no futex_waitv";
  const auto fd = create_segment("futex", 4096);
  const Mapping own(fd.get(), Access::read_write);
  const Mapping others(fd.get(), Access::read_only);
  auto& written = *reinterpret_cast<Word32*>(own.bytes().data());
  const auto& read = *reinterpret_cast<const Word32*>(others.bytes().data());
  std::atomic<bool> ready{false};
  std::thread sleeper([&] {
    while (read.load() == 0) {
      const Sleep sleep{&read, 0};
      ready = true;
      futex_wait({&sleep, 1}, kForever);
    }
  });
  while (!ready) std::this_thread::yield();
  written.store(1);
  futex_wake(written);
  sleeper.join();
}

}  // namespace
}  // namespace vcengine::wire
