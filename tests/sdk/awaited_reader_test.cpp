/// A reader for whom the writer waits until the host closes its gate, and drops from then on.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/sdk/test_pool.hpp"
#include "wire/waiter.hpp"

namespace vcengine::wire {
namespace {

using Status = RingReader::Status;
using enum Policy;

void close_gate(TestPool& pool, std::size_t reader) {
  pool.line(reader).gate.store(static_cast<std::uint32_t>(Gate::closed));
}

/// As many as there is space for, up to this many.
int publish_all(TestPool& pool, int frames) {
  int published = 0;
  while (published < frames && pool.writer->has_space()) {
    publish_next(*pool.writer);
    ++published;
  }
  return published;
}

std::vector<std::uint64_t> take_all(RingReader& reader) {
  std::vector<std::uint64_t> sequences;
  while (const auto frame = take_one(reader)) {
    EXPECT_TRUE(is_intact(*frame, frame->header().sequence));
    sequences.push_back(frame->header().sequence);
  }
  return sequences;
}

TEST(AwaitedReaderTest, TheWriterWaitsForItAndNothingIsLost) {
  TestPool sut({{wait_while_open, 2}});
  std::vector<std::uint64_t> taken;
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(2, publish_all(sut, 100));
    for (const auto sequence : take_all(*sut.readers[0])) taken.push_back(sequence);
  }
  EXPECT_EQ(40U, taken.size());
  EXPECT_EQ(40U, taken.back());
  EXPECT_EQ(0U, sut.readers[0]->dropped(DropReason::superseded));
}

TEST(AwaitedReaderTest, ItHasRoomForAsMuchAsItsDepthBesideOthersThatAreDeeper) {
  TestPool sut({{wait_while_open, 3}, {wait, 8}, {drop_oldest, 1}});
  EXPECT_EQ(3, publish_all(sut, 100));
  EXPECT_EQ((std::vector<std::uint64_t>{1, 2, 3}), take_all(*sut.readers[0]));
}

TEST(AwaitedReaderTest, OnceItsGateIsClosedTheWriterGoesOnAndItFindsTheNewest) {
  TestPool sut({{wait_while_open, 2}});
  publish_all(sut, 2);
  close_gate(sut, 0);
  EXPECT_EQ(50, publish_all(sut, 50));
  EXPECT_EQ((std::vector<std::uint64_t>{51, 52}), take_all(*sut.readers[0]));
  EXPECT_EQ(50U, sut.readers[0]->dropped(DropReason::superseded));
}

TEST(AwaitedReaderTest, AFrameThatItHasStaysAsItIs) {
  TestPool sut({{wait_while_open, 2}});
  publish_all(sut, 2);
  const auto held = take_one(*sut.readers[0]);
  close_gate(sut, 0);
  EXPECT_EQ(200, publish_all(sut, 200));
  EXPECT_TRUE(is_intact(*held, 1));
}

TEST(AwaitedReaderTest, CaughtBetweenALookAndATakeItTakesAnother) {
  TestPool sut({{wait_while_open, 1}});
  publish_all(sut, 1);
  FrameHeader header;
  ASSERT_EQ(Status::frame, sut.readers[0]->peek(header));
  close_gate(sut, 0);
  publish_all(sut, 100);
  FrameRef frame;
  EXPECT_EQ(Status::gone, sut.readers[0]->take(frame, header.sequence));
  EXPECT_EQ((std::vector<std::uint64_t>{101}), take_all(*sut.readers[0]));
  EXPECT_EQ(100U, sut.readers[0]->dropped(DropReason::superseded));
}

TEST(AwaitedReaderTest, ItsSuccessorGoesOnBehindItAndIsWaitedFor) {
  TestPool sut({{wait_while_open, 2}});
  publish_all(sut, 2);
  { const auto taken = take_one(*sut.readers[0]); }
  sut.readers[0]->complete();
  sut.readers[0] = sut.make_reader(0);
  EXPECT_EQ(1, publish_all(sut, 100));
  EXPECT_EQ((std::vector<std::uint64_t>{2, 3}), take_all(*sut.readers[0]));
}

/// At any instant: the writer, the reader and the host that closes the gate on threads of their
/// own.
TEST(AwaitedReaderTest, WheneverItsGateIsClosedEachFrameIsWholeAndCounted) {
  constexpr std::uint64_t kFrames = 3000;
  for (std::uint64_t round = 0; round < 20; ++round) {
    FutexDoorbell doorbell;
    TestPool sut({{wait_while_open, 2}, {wait, 4}}, {}, &doorbell);
    std::atomic<std::uint64_t> taken = 0;
    const auto waiter = [&] {
      return SharedWaiter(sut.host(), FileDescriptor(), nullptr, std::chrono::hours(1));
    };
    const auto read = [&](std::size_t index, std::atomic<std::uint64_t>& count) {
      auto own = waiter();
      const std::vector<std::shared_ptr<RingReader>> readers{sut.readers[index]};
      for (;;) {
        FrameRef frame;
        const auto status = readers[0]->take(frame);
        if (status == Status::ended) return;
        if (status == Status::frame) {
          EXPECT_TRUE(is_intact(frame, frame.header().sequence));
          ++count;
          continue;
        }
        FrameHeader header;
        own.wait_for_frames(
            readers, [&] { return readers[0]->peek(header) != Status::empty; },
            std::chrono::steady_clock::time_point::max());
      }
    };
    std::atomic<std::uint64_t> taken_by_other = 0;
    std::thread awaited([&] { read(0, taken); });
    std::thread other([&] { read(1, taken_by_other); });
    std::thread host([&] {
      while (taken < round * 100) std::this_thread::yield();
      EXPECT_EQ(0U, sut.readers[0]->dropped(DropReason::superseded)) << "before its gate is closed";
      close_gate(sut, 0);
      sut.host().bell.fetch_add(1);
      futex_wake(sut.host().bell);
    });
    auto own = waiter();
    while (sut.writer->head() < kFrames) {
      const auto has_space = [&] { return sut.writer->has_space(); };
      while (!has_space()) own.wait_for_space(*sut.writer, has_space);
      publish_next(*sut.writer);
    }
    sut.writer->end();
    awaited.join();
    other.join();
    host.join();
    EXPECT_EQ(kFrames, taken + sut.readers[0]->dropped(DropReason::superseded));
    EXPECT_EQ(kFrames, taken_by_other);
  }
}

}  // namespace
}  // namespace vcengine::wire
