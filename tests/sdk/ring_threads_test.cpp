/// All roles as threads over one mapping: what ThreadSanitizer understands.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/sdk/test_pool.hpp"
#include "wire/waiter.hpp"

namespace vcengine::wire {
namespace {

using Status = RingReader::Status;
using enum Policy;

constexpr auto kForever = std::chrono::steady_clock::time_point::max();
constexpr std::uint64_t kFrames = 30'000;

class RingThreadsTest : public testing::Test {
 protected:
  /// Sleeps that only a wake-up ends: a lost one hangs the test until its watchdog comes.
  SharedWaiter make_waiter(const TestPool& pool) {
    return SharedWaiter(pool.host(), FileDescriptor(), nullptr, std::chrono::hours(1));
  }

  void write(TestPool& pool, std::uint64_t frames, bool all_must_fit) {
    auto waiter = make_waiter(pool);
    while (pool.writer->head() < frames) {
      const auto has_space = [&] { return pool.writer->has_space(); };
      while (!has_space()) waiter.wait_for_space(*pool.writer, has_space);
      publish_next(*pool.writer);
      // One that is never held up would be over before anybody else had a turn.
      if (!all_must_fit && pool.writer->head() % 8 == 0) std::this_thread::yield();
    }
    pool.writer->end();
  }

  /// Takes all until the end, `kept` at a time; the number taken.
  std::uint64_t read(TestPool& pool, std::size_t index, std::size_t keep) {
    auto waiter = make_waiter(pool);
    const std::vector<std::shared_ptr<RingReader>> readers{pool.readers[index]};
    std::vector<FrameRef> kept(keep);
    std::uint64_t taken = 0, last = 0;
    for (;;) {
      FrameRef frame;
      const auto status = readers[0]->take(frame);
      if (status == Status::ended) return taken;
      if (status == Status::empty) {
        FrameHeader header;
        waiter.wait_for_frames(
            readers, [&] { return readers[0]->peek(header) != Status::empty; }, kForever);
        continue;
      }
      if (status != Status::frame) {
        ADD_FAILURE() << "status " << static_cast<int>(status);
        return taken;
      }
      const auto sequence = frame.header().sequence;
      EXPECT_GT(sequence, last);
      EXPECT_TRUE(is_intact(frame, sequence)) << sequence;
      last = sequence;
      if (keep != 0) {
        auto& oldest = kept[taken % keep];
        EXPECT_TRUE(!oldest || is_intact(oldest, oldest.header().sequence));
        oldest = std::move(frame);
      }
      ++taken;
    }
  }
};

TEST_F(RingThreadsTest, MixedReadersSeeIntactFramesAndAllAreCounted) {
  const std::vector<ReaderSpec> specs{{wait, 2}, {wait, 4}, {drop_oldest, 1}, {drop_oldest, 3}};
  FutexDoorbell doorbell;
  TestPool sut(specs, {}, &doorbell);
  std::vector<std::uint64_t> taken(specs.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    threads.emplace_back([&, i] { taken[i] = read(sut, i, i % 2 == 0 ? 0 : 3); });
  }
  write(sut, kFrames, true);
  for (auto& thread : threads) thread.join();

  for (std::size_t i = 0; i < specs.size(); ++i) {
    EXPECT_EQ(taken[i] + sut.readers[i]->dropped(DropReason::superseded), kFrames) << i;
  }
  EXPECT_EQ(taken[0], kFrames);
  EXPECT_EQ(taken[1], kFrames);
}

TEST_F(RingThreadsTest, AFastWriterOverrunsDropOldestReadersWithoutTearingAFrame) {
  const std::vector<ReaderSpec> specs{{drop_oldest, 1}, {drop_oldest, 2}};
  FutexDoorbell doorbell;
  TestPool sut(specs, {}, &doorbell);
  std::vector<std::uint64_t> taken(specs.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    threads.emplace_back([&, i] { taken[i] = read(sut, i, i); });
  }
  write(sut, 10 * kFrames, false);
  for (auto& thread : threads) thread.join();

  for (std::size_t i = 0; i < specs.size(); ++i) {
    EXPECT_GT(taken[i], 0U);
    EXPECT_EQ(taken[i] + sut.readers[i]->dropped(DropReason::superseded), 10 * kFrames) << i;
  }
}

TEST_F(RingThreadsTest, FramesMayBeLetGoOnAnotherThread) {
  FutexDoorbell doorbell;
  TestPool sut({{wait, 2}}, {}, &doorbell);
  std::thread writer([&] { write(sut, kFrames, true); });
  std::atomic<bool> done{false};
  std::atomic<int> handed{0};
  FrameRef parcel;
  std::thread other([&] {
    while (!done) {
      if (handed.load(std::memory_order_acquire) == 0) {
        std::this_thread::yield();
        continue;
      }
      EXPECT_TRUE(is_intact(parcel, parcel.header().sequence));
      parcel.reset();
      handed.store(0, std::memory_order_release);
    }
  });
  auto waiter = make_waiter(sut);
  FrameHeader header;
  std::uint64_t taken = 0;
  for (;;) {
    FrameRef frame;
    const auto status = sut.readers[0]->take(frame);
    if (status == Status::ended) break;
    if (status == Status::empty) {
      waiter.wait_for_frames(
          sut.readers, [&] { return sut.readers[0]->peek(header) != Status::empty; }, kForever);
      continue;
    }
    ASSERT_EQ(status, Status::frame);
    ++taken;
    if (handed.load(std::memory_order_acquire) == 0) {
      parcel = std::move(frame);
      handed.store(1, std::memory_order_release);
    }
  }
  done = true;
  other.join();
  writer.join();
  EXPECT_EQ(taken, kFrames);
}

}  // namespace
}  // namespace vcengine::wire
