/// Frames that are sent on as they are: entries of one pool for the payload of another.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "tests/sdk/test_pool.hpp"
#include "wire/waiter.hpp"

namespace vcengine::wire {
namespace {

using Status = RingReader::Status;
using enum Policy;

constexpr std::uint32_t kForwarded = 8;

PoolConfig numbered(std::uint64_t pool) {
  PoolConfig config;
  config.pool = pool;
  return config;
}

/// With one reader, the first, that sends frames on.
PoolConfig read_by_forwarder(std::uint64_t pool, std::uint32_t forwarded = kForwarded) {
  auto config = numbered(pool);
  config.more_holds = forwarded;
  config.most_holds = config.holds + forwarded;
  return config;
}

void forwards(TestPool& to, const TestPool& origin, std::uint32_t frames = kForwarded) {
  to.writer->allow_forwarding({.origins = {origin.payload().origin}, .frames = frames});
  for (auto& reader : to.readers) reader->add_origin(origin.payload());
}

/// One frame from the first reader of `from`; false if there is none, or it would have to be
/// copied.
bool pass_on(TestPool& from, TestPool& to) {
  auto frame = take_one(*from.readers[0]);
  if (!frame || !to.writer->may_forward(*frame)) return false;
  const auto header = frame->header();
  to.writer->forward(std::move(*frame), header);
  return true;
}

/// The number that its payload was filled with.
std::uint64_t origin_sequence(const FrameRef& frame) {
  return static_cast<std::uint64_t>(frame.header().stamp.count());
}

TEST(ForwardingTest, AFrameIsReadWhereItWasWritten) {
  TestPool origin({{wait, 2}}, read_by_forwarder(1)), sut({{wait, 2}}, numbered(2));
  forwards(sut, origin);
  for (int i = 0; i < 3; ++i) {
    publish_next(*origin.writer);
    if (i == 0) take_one(*origin.readers[0]);  // so that the sequences of both differ
    if (i > 0) {
      ASSERT_TRUE(pass_on(origin, sut));
    }
  }
  const auto frame = take_one(*sut.readers[0]);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->header().sequence, 1U) << "of the wire it came over";
  EXPECT_EQ(origin_sequence(*frame), 2U);
  EXPECT_TRUE(is_intact(*frame, 2));
  const auto bytes = origin.memory->payload.bytes();
  EXPECT_GE(frame->payload().data(), bytes.data());
  EXPECT_LT(frame->payload().data(), bytes.data() + bytes.size());
}

TEST(ForwardingTest, ItStaysIntactForAsLongAsItWaitsOrIsHeld) {
  for (const auto policy : {wait, drop_oldest}) {
    TestPool origin({{wait, 2}}, read_by_forwarder(1)), sut({{policy, 2}}, numbered(2));
    forwards(sut, origin);
    publish_next(*origin.writer);
    ASSERT_TRUE(pass_on(origin, sut));
    const auto rush = [&] {
      for (int i = 0; i < 100; ++i) {
        publish_next(*origin.writer);
        take_one(*origin.readers[0]);  // and lets it go
      }
    };
    rush();
    const auto frame = take_one(*sut.readers[0]);
    ASSERT_TRUE(frame);
    EXPECT_TRUE(is_intact(*frame, 1)) << "it waited";
    rush();
    EXPECT_TRUE(is_intact(*frame, 1)) << "it is held";
  }
}

TEST(ForwardingTest, NoMoreSlotsAreTouchedThanFramesAreInUse) {
  auto large = read_by_forwarder(1);
  large.capacity = 1 << 20;
  TestPool origin({{wait, 2}}, large), sut({{wait, 2}}, numbered(2));
  forwards(sut, origin);
  std::set<std::uint32_t> slots;
  for (int i = 0; i < 1000; ++i) {
    publish_next(*origin.writer);
    ASSERT_TRUE(pass_on(origin, sut)) << i;
    const auto frame = take_one(*sut.readers[0]);
    ASSERT_TRUE(frame && is_intact(*frame, static_cast<std::uint64_t>(i) + 1));
    slots.insert(frame->hold().slot);
  }
  EXPECT_LE(slots.size(), 4U);
}

TEST(ForwardingTest, NoMoreAreSentOnThanTheInputCanHold) {
  TestPool origin({{wait, 2}}, read_by_forwarder(1)), sut({{wait, 20}}, numbered(2));
  forwards(sut, origin);
  for (std::uint32_t i = 0; i < kForwarded; ++i) {
    publish_next(*origin.writer);
    ASSERT_TRUE(pass_on(origin, sut)) << i;
  }
  publish_next(*origin.writer);
  auto frame = take_one(*origin.readers[0]);
  ASSERT_TRUE(frame);
  EXPECT_FALSE(sut.writer->may_forward(*frame)) << "this one is copied";
  // With the first of them taken and let go, there is a place again.
  take_one(*sut.readers[0]);
  EXPECT_TRUE(sut.writer->may_forward(*frame));
}

TEST(ForwardingTest, OnlyWhatAllReadersHaveMappedIsSentOn) {
  TestPool origin({{wait, 2}}, read_by_forwarder(1)), other({{wait, 2}}, numbered(2)),
      sut({{wait, 2}}, numbered(3));
  publish_next(*origin.writer);
  publish_next(*other.writer);
  const auto known = take_one(*origin.readers[0]), unknown = take_one(*other.readers[0]);
  ASSERT_TRUE(known && unknown);
  EXPECT_FALSE(sut.writer->may_forward(*known)) << "nothing is allowed yet";
  sut.writer->allow_forwarding({.origins = {origin.payload().origin}, .frames = kForwarded});
  EXPECT_TRUE(sut.writer->may_forward(*known));
  EXPECT_FALSE(sut.writer->may_forward(*unknown));

  sut.writer->forward(*known, known->header());
  FrameRef frame;
  EXPECT_THROW(sut.readers[0]->take(frame), WireCorrupt) << "this reader has not mapped it";
}

TEST(ForwardingTest, ASlotThatItsOriginDoesNotHaveIsNamed) {
  TestPool origin({{wait, 2}}, read_by_forwarder(1)), sut({{wait, 2}}, numbered(2));
  forwards(sut, origin);
  publish_next(*origin.writer);
  ASSERT_TRUE(pass_on(origin, sut));
  sut.entry(1).tag.store(1ULL << 32 | (origin.config.slots() + 1));
  FrameRef frame;
  EXPECT_THROW(sut.readers[0]->take(frame), WireCorrupt);
}

TEST(ForwardingTest, WhatADeadForwarderSentOnStaysIntactUntilTheHostLetsItGo) {
  TestPool origin({{wait, 2}}, read_by_forwarder(1)), sut({{wait, 2}}, numbered(2));
  forwards(sut, origin);
  for (int i = 0; i < 2; ++i) {
    publish_next(*origin.writer);
    ASSERT_TRUE(pass_on(origin, sut));
  }
  sut.writer.reset();
  origin.readers[0].reset();
  origin.line(0).gate.store(0);  // reaped; its readers have not taken all
  const auto publish = [&](int frames) {
    std::set<std::uint32_t> slots;
    for (int i = 0; i < frames; ++i) {
      const auto slot = origin.writer->try_loan();
      if (!slot) throw std::runtime_error("the writer starves");
      fill(origin.writer->slot_data(*slot), 0);
      slots.insert(*slot);
      origin.writer->publish(*slot, header_of(0));
    }
    return slots;
  };
  publish(100);
  std::vector<FrameRef> frames;
  while (const auto frame = take_one(*sut.readers[0])) frames.push_back(*frame);
  ASSERT_EQ(frames.size(), 2U);
  publish(100);
  EXPECT_TRUE(is_intact(frames[0], 1));
  EXPECT_TRUE(is_intact(frames[1], 2));

  const std::set<std::uint32_t> held{frames[0].hold().slot, frames[1].hold().slot};
  frames.clear();
  origin.line(0).alive.store(0);
  std::vector<std::uint32_t> loaned;
  for (std::uint32_t i = 0; i < origin.config.slots() - 1; ++i) {
    if (const auto slot = origin.writer->try_loan()) loaned.push_back(*slot);
  }
  for (const auto slot : held)
    EXPECT_TRUE(std::ranges::find(loaned, slot) != loaned.end()) << "lost for ever: " << slot;
}

/// Over two forwarders, in any order of steps, with frames kept at the end.
TEST(ForwardingTest, OverSeveralForwardersNothingIsTornAndNobodyStarves) {
  for (const auto policy : {wait, drop_oldest}) {
    TestPool first({{wait, 2}}, read_by_forwarder(1)), second({{wait, 2}}, read_by_forwarder(2)),
        third({{policy, 3}, {wait, 2}}, numbered(3));
    forwards(second, first);
    forwards(third, first);
    std::mt19937 random(11);
    std::vector<FrameRef> kept(3);
    std::uint64_t taken = 0;
    const auto take = [&](std::size_t reader) {
      auto frame = take_one(*third.readers[reader]);
      if (!frame) return;
      ++taken;
      EXPECT_TRUE(is_intact(*frame, origin_sequence(*frame)));
      if (reader == 0) kept[random() % kept.size()] = std::move(*frame);
    };
    for (int step = 0; step < 100'000; ++step) {
      switch (random() % 5) {
        case 0:
          if (first.writer->has_space()) publish_next(*first.writer);
          break;
        case 1:
          if (second.writer->has_space()) pass_on(first, second);
          break;
        case 2:
          if (third.writer->has_space()) pass_on(second, third);
          break;
        default:
          take(random() % 2);
      }
      for (const auto& frame : kept) {
        if (frame) {
          ASSERT_TRUE(is_intact(frame, origin_sequence(frame))) << step;
        }
      }
    }
    EXPECT_GT(taken, 10'000U);
  }
}

/// As in ring_threads_test.cpp: what ThreadSanitizer understands.
TEST(ForwardingThreadsTest, FramesSentOnAreIntact) {
  constexpr std::uint64_t kFrames = 20'000;
  FutexDoorbell doorbell;
  TestPool origin({{wait, 2}}, read_by_forwarder(1), &doorbell),
      sut({{wait, 2}, {drop_oldest, 1}}, numbered(2), &doorbell);
  forwards(sut, origin);
  const auto make_waiter = [](const TestPool& pool) {
    return SharedWaiter(pool.host(), FileDescriptor(), nullptr, std::chrono::hours(1));
  };
  const auto wait_for_space = [](SharedWaiter& waiter, RingWriter& writer) {
    const auto has_space = [&] { return writer.has_space(); };
    while (!has_space()) waiter.wait_for_space(writer, has_space);
  };
  /// Until the end of its pool.
  const auto for_each = [&](TestPool& pool, std::size_t index, const auto& use) {
    auto waiter = make_waiter(pool);
    const std::vector<std::shared_ptr<RingReader>> readers{pool.readers[index]};
    for (;;) {
      FrameRef frame;
      const auto status = readers[0]->take(frame);
      if (status == Status::ended) return;
      if (status == Status::frame) {
        use(std::move(frame));
        continue;
      }
      FrameHeader header;
      waiter.wait_for_frames(
          readers, [&] { return readers[0]->peek(header) != Status::empty; },
          std::chrono::steady_clock::time_point::max());
    }
  };
  std::uint64_t copied = 0, lossless = 0, latest = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    auto waiter = make_waiter(origin);
    while (origin.writer->head() < kFrames) {
      wait_for_space(waiter, *origin.writer);
      publish_next(*origin.writer);
    }
    origin.writer->end();
  });
  threads.emplace_back([&] {
    auto waiter = make_waiter(sut);
    for_each(origin, 0, [&](FrameRef frame) {
      wait_for_space(waiter, *sut.writer);
      const auto header = frame.header();
      if (sut.writer->may_forward(frame)) {
        sut.writer->forward(std::move(frame), header);
      } else {
        ++copied;
      }
    });
    sut.writer->end();
  });
  threads.emplace_back([&] {
    for_each(sut, 0, [&](const FrameRef& frame) {
      EXPECT_TRUE(is_intact(frame, origin_sequence(frame)));
      ++lossless;
    });
  });
  threads.emplace_back([&] {
    for_each(sut, 1, [&](const FrameRef& frame) {
      EXPECT_TRUE(is_intact(frame, origin_sequence(frame)));
      ++latest;
    });
  });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(copied, 0U);
  EXPECT_EQ(lossless, kFrames);
  EXPECT_EQ(latest + sut.readers[1]->dropped(DropReason::superseded), kFrames);
}

}  // namespace
}  // namespace vcengine::wire
