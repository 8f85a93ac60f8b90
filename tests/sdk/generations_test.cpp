/// A wire goes on over the death of its writer, and into larger slots: the next generation.
#include <gtest/gtest.h>

#include "tests/sdk/test_pool.hpp"

namespace vcengine::wire {
namespace {

using Status = RingReader::Status;
using enum Policy;

/// The pages of the next writer, for the same readers.
class Successor {
 public:
  Successor(const TestPool& pool, const WriterPage& before, std::uint64_t capacity = 4096)
      : config_(continued(pool.config, before, capacity)),
        memory_(std::make_shared<Memory>(config_)) {
    std::vector<RingWriter::Reader> readers;
    for (std::size_t i = 0; i < pool.readers.size(); ++i)
      readers.push_back({&pool.reader_page(i), &pool.line(i)});
    writer = std::make_unique<RingWriter>(page(), memory_->payload.bytes(), readers, doorbell);
  }

  WriterPage& page() const { return writer_page(memory_->control.bytes()); }
  void hand_to(RingReader& reader) const {
    reader.succeed(memory_->control.bytes(), memory_->payload.bytes(), memory_);
  }
  /// Of what readers keep mapped; this one's own share is given up.
  std::weak_ptr<void> let_go() {
    writer.reset();
    const std::weak_ptr<void> memory = memory_;
    memory_.reset();
    return memory;
  }

  CountingDoorbell doorbell;
  std::unique_ptr<RingWriter> writer;

 private:
  struct Memory {
    explicit Memory(const PoolConfig& config)
        : control(Mapping::anonymous(writer_page_size(config.ring_size(), config.slots()))),
          payload(Mapping::anonymous(config.slots() * config.stride())) {
      init_writer_page(control.bytes(), config);
    }
    Mapping control, payload;
  };

  static PoolConfig continued(PoolConfig config, const WriterPage& before, std::uint64_t capacity) {
    config.succeed(before);
    config.capacity = capacity;
    return config;
  }

  const PoolConfig config_;
  std::shared_ptr<Memory> memory_;
};

std::uint64_t take_intact(RingReader& reader) {
  const auto frame = take_one(reader);
  if (!frame) return 0;
  const auto sequence = frame->header().sequence;
  EXPECT_TRUE(is_intact(*frame, sequence)) << sequence;
  return sequence;
}

TEST(GenerationsTest, WhatWasPublishedIsTakenBeforeWhatComesNext) {
  TestPool sut({{wait, 4}, {wait, 4}});
  for (int i = 0; i < 3; ++i) publish_next(*sut.writer);
  EXPECT_EQ(take_intact(*sut.readers[0]), 1U);

  Successor next(sut, sut.writer_page());
  publish_next(*next.writer);
  for (auto& reader : sut.readers) next.hand_to(*reader);

  for (const auto expected : {2U, 3U, 4U}) EXPECT_EQ(take_intact(*sut.readers[0]), expected);
  for (const auto expected : {1U, 2U, 3U, 4U}) EXPECT_EQ(take_intact(*sut.readers[1]), expected);
  EXPECT_EQ(take_intact(*sut.readers[0]), 0U);
  EXPECT_EQ(publish_next(*next.writer), 5U);
  EXPECT_EQ(take_intact(*sut.readers[0]), 5U);
}

TEST(GenerationsTest, TheSuccessorWaitsForWhatIsNotTakenYet) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  Successor next(sut, sut.writer_page());
  next.hand_to(*sut.readers[0]);
  EXPECT_TRUE(next.writer->has_space());
  publish_next(*next.writer);
  EXPECT_FALSE(next.writer->has_space());
  EXPECT_EQ(take_intact(*sut.readers[0]), 1U);
  EXPECT_TRUE(next.writer->has_space());
}

TEST(GenerationsTest, FramesOfTheOldOneStayIntactUntilTheLastIsLetGo) {
  TestPool sut({{wait, 4}});
  Successor second(sut, sut.writer_page());
  second.hand_to(*sut.readers[0]);
  publish_next(*second.writer);
  auto kept = take_one(*sut.readers[0]);
  ASSERT_TRUE(kept);

  Successor third(sut, second.page());
  third.hand_to(*sut.readers[0]);
  const auto memory = second.let_go();
  for (std::uint64_t i = 0; i < 100; ++i) {
    publish_next(*third.writer);
    EXPECT_EQ(take_intact(*sut.readers[0]), i + 2);
  }
  EXPECT_TRUE(is_intact(*kept, 1));
  EXPECT_FALSE(memory.expired());
  kept.reset();
  publish_next(*third.writer);
  take_intact(*sut.readers[0]);
  EXPECT_TRUE(memory.expired()) << "nobody uses it any more";
}

TEST(GenerationsTest, AWriterMayDieBeforeItsFirstFrame) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  Successor second(sut, sut.writer_page());
  second.hand_to(*sut.readers[0]);
  Successor third(sut, second.page());
  third.hand_to(*sut.readers[0]);
  EXPECT_EQ(publish_next(*third.writer), 2U);
  EXPECT_EQ(take_intact(*sut.readers[0]), 1U);
  EXPECT_EQ(take_intact(*sut.readers[0]), 2U);
}

TEST(GenerationsTest, WhatADropOldestReaderMissesOverTheGapIsCounted) {
  TestPool sut({{drop_oldest, 2}});
  for (int i = 0; i < 5; ++i) publish_next(*sut.writer);
  Successor next(sut, sut.writer_page());
  next.hand_to(*sut.readers[0]);
  for (int i = 0; i < 5; ++i) publish_next(*next.writer);

  std::uint64_t taken = 0, last = 0;
  while (const auto sequence = take_intact(*sut.readers[0])) {
    EXPECT_GT(sequence, last);
    last = sequence;
    ++taken;
  }
  EXPECT_EQ(last, 10U);
  EXPECT_EQ(taken + sut.readers[0]->dropped(DropReason::superseded), 10U);
}

TEST(GenerationsTest, AFrameTooLargeForTheSlotsComesInTheNextGeneration) {
  TestPool sut({{wait, 4}});
  publish_next(*sut.writer);
  // The writer lives: it goes on in larger slots, and readers follow when they have taken the rest.
  Successor next(sut, sut.writer_page(), 1 << 20);
  next.hand_to(*sut.readers[0]);
  const auto slot = next.writer->try_loan();
  ASSERT_TRUE(slot);
  auto header = header_of(2);
  header.size = 1 << 20;
  std::fill_n(next.writer->slot_data(*slot), header.size, std::byte{7});
  next.writer->publish(*slot, header);

  EXPECT_EQ(take_intact(*sut.readers[0]), 1U);
  const auto large = take_one(*sut.readers[0]);
  ASSERT_TRUE(large);
  ASSERT_EQ(large->payload().size(), header.size);
  EXPECT_EQ(large->payload().back(), std::byte{7});
}

TEST(GenerationsTest, TheFrameBehindTheNextMayBeOfTheNextGeneration) {
  TestPool sut({{wait, 4}});
  publish_next(*sut.writer);
  Successor next(sut, sut.writer_page());
  next.hand_to(*sut.readers[0]);
  FrameHeader header;
  EXPECT_EQ(sut.readers[0]->peek(header), Status::frame);
  EXPECT_EQ(sut.readers[0]->peek_next(header), Status::empty);
  publish_next(*next.writer);
  EXPECT_EQ(sut.readers[0]->peek_next(header), Status::frame);
  EXPECT_EQ(header.sequence, 2U);
}

TEST(GenerationsTest, TheBoundDoesNotGoBack) {
  TestPool sut({{wait, 2}});
  sut.writer->advance_bound(70, false);
  Successor next(sut, sut.writer_page());
  next.hand_to(*sut.readers[0]);
  EXPECT_EQ(sut.readers[0]->bound(), 70);
  next.writer->advance_bound(50, false);
  EXPECT_EQ(sut.readers[0]->bound(), 70);
  next.writer->advance_bound(90, false);
  EXPECT_EQ(sut.readers[0]->bound(), 90);
}

TEST(GenerationsTest, ATicketForTheOldBellServesNoSleepOnTheNewOne) {
  for (int seen = 0; seen < 5; ++seen) {
    TestPool sut({{drop_oldest, 1}});
    for (int i = 0; i < 2; ++i) publish_next(*sut.writer);
    sut.readers[0]->announce_wait();  // and its writer dies
    Successor next(sut, sut.writer_page());
    publish_next(*next.writer);  // finds the old ticket
    next.hand_to(*sut.readers[0]);
    sut.readers[0]->retract_wait();
    for (int i = 0; i < seen; ++i) publish_next(*next.writer);

    sut.readers[0]->announce_wait();
    const auto before = next.doorbell.rings;
    publish_next(*next.writer);
    EXPECT_EQ(next.doorbell.rings, before + 1) << "after " << seen;
  }
}

TEST(GenerationsTest, OneThatDoesNotFollowIsRefused) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  const Successor second(sut, sut.writer_page()), third(sut, second.page());
  third.hand_to(*sut.readers[0]);
  EXPECT_THROW(second.hand_to(*sut.readers[0]), WireCorrupt);
  EXPECT_EQ(take_intact(*sut.readers[0]), 1U);
}

TEST(GenerationsTest, OneThatBeginsBeforeWhatWasTakenIsRefused) {
  TestPool sut({{wait, 4}});
  Successor second(sut, sut.writer_page());
  publish_next(*sut.writer);
  const auto kept = take_one(*sut.readers[0]);
  EXPECT_THROW(second.hand_to(*sut.readers[0]), WireCorrupt);
}

// Frames that were taken from there lost their memory while they were held.
TEST(GenerationsTest, AWriterThatGoesOnAfterItsSuccessorBeganIsRefused) {
  TestPool sut({{wait, 4}});
  publish_next(*sut.writer);
  Successor second(sut, sut.writer_page());
  second.hand_to(*sut.readers[0]);
  publish_next(*sut.writer);
  FrameRef frame;
  EXPECT_THROW(sut.readers[0]->take(frame), WireCorrupt);
}

}  // namespace
}  // namespace vcengine::wire
