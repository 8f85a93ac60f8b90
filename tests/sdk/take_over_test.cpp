/// Who goes on with the pages of a writer or a reader that died.
#include <gtest/gtest.h>

#include <set>

#include "tests/sdk/test_pool.hpp"

namespace vcengine::wire {
namespace {

using enum Policy;

/// The writer dies, and another one goes on with its page.
void replace_writer(TestPool& pool, const std::vector<std::size_t>& readers) {
  std::vector<RingWriter::Reader> pages;
  for (const auto i : readers) pages.push_back({&pool.reader_page(i), &pool.line(i)});
  pool.writer = std::make_unique<RingWriter>(pool.writer_page(), pool.memory->payload.bytes(),
                                             pages, pool.memory->doorbell);
}

std::uint64_t taken(const TestPool& pool, std::size_t reader) {
  const auto& page = pool.reader_page(reader);
  std::uint64_t dropped = 0;
  for (const auto& drops : page.drops) dropped += drops.load();
  return page.next.load() - page.header.join - dropped;
}

TEST(TakeOverTest, TheSequenceGoesOn) {
  TestPool sut({{wait, 8}});
  publish_next(*sut.writer);
  publish_next(*sut.writer);
  replace_writer(sut, {0});
  EXPECT_EQ(3U, publish_next(*sut.writer));
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
    const auto frame = take_one(*sut.readers[0]);
    ASSERT_TRUE(frame);
    EXPECT_EQ(sequence, frame->header().sequence);
    EXPECT_TRUE(is_intact(*frame, sequence));
  }
}

TEST(TakeOverTest, WhatIsNotTakenOrHeldIsNotWrittenOver) {
  TestPool sut({{wait, 4}, {drop_oldest, 1}});
  publish_next(*sut.writer);
  const auto held = take_one(*sut.readers[1]);
  // The ring forgets in which slot it is.
  for (int i = 0; i < 40; ++i) {
    publish_next(*sut.writer);
    ASSERT_TRUE(take_one(*sut.readers[0]));
  }
  publish_next(*sut.writer);
  replace_writer(sut, {0, 1});
  std::set<std::uint32_t> slots;
  while (const auto slot = sut.writer->try_loan()) {
    slots.insert(*slot);
    fill(sut.writer->slot_data(*slot), 999);
  }
  EXPECT_TRUE(is_intact(*held, 1));
  for (const std::uint64_t sequence : {41, 42}) {
    const auto frame = take_one(*sut.readers[0]);
    ASSERT_TRUE(frame);
    EXPECT_TRUE(is_intact(*frame, sequence));
  }
  EXPECT_GE(slots.size(), sut.config.loans);
}

TEST(TakeOverTest, AFrameThatWasNeverPublishedIsGivenItsNumberAgain) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  const auto slot = sut.writer->try_loan();
  // It died between the entry and the head.
  sut.writer_page().content()[*slot].store(2);
  sut.entry(2).tag.store(std::uint64_t{2} << 32 | (*slot + 1));
  replace_writer(sut, {0});
  EXPECT_EQ(2U, publish_next(*sut.writer));
  ASSERT_TRUE(take_one(*sut.readers[0]));
  EXPECT_TRUE(is_intact(*take_one(*sut.readers[0]), 2));
}

// Its predecessor had noted that number for the slot that it died on, and its own frame came into
// another one: who came next found one frame in two slots, and did not go on.
TEST(TakeOverTest, ANumberThatIsGivenAgainNamesOneSlot) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  const auto died_on = sut.writer->try_loan();
  sut.writer_page().content()[*died_on].store(2);
  replace_writer(sut, {0});
  ASSERT_EQ(sut.writer->try_loan(), died_on);
  EXPECT_EQ(2U, publish_next(*sut.writer));
  replace_writer(sut, {0});
  ASSERT_TRUE(take_one(*sut.readers[0]));
  EXPECT_TRUE(is_intact(*take_one(*sut.readers[0]), 2));
}

TEST(TakeOverTest, NothingIsLeftToAWriterWhosePageMakesNoSense) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  publish_next(*sut.writer);
  sut.writer_page().content()[0].store(1);
  sut.writer_page().content()[1].store(1);
  EXPECT_THROW(replace_writer(sut, {0}), WireCorrupt);
  sut.writer_page().content()[1].store(2);
  sut.writer_page().valid_from.store(9);
  EXPECT_THROW(replace_writer(sut, {0}), WireCorrupt);
}

TEST(TakeOverTest, AReaderGoesOnBehindWhatWasTakenAndTheUnfinishedIsLost) {
  TestPool sut({{wait, 4}});
  for (int i = 0; i < 3; ++i) publish_next(*sut.writer);
  take_one(*sut.readers[0]);
  sut.readers[0]->complete();
  const auto unfinished = take_one(*sut.readers[0]);
  const auto successor = sut.make_reader(0);
  EXPECT_EQ(2U, successor->unfinished());
  successor->lose_unfinished();
  EXPECT_EQ(1U, successor->dropped(DropReason::lost_in_crash));
  EXPECT_EQ(1U, taken(sut, 0));
  EXPECT_EQ(3U, take_one(*successor)->header().sequence);
}

TEST(TakeOverTest, AFrameThatWasClaimedAndNotYetCountedIsLostOnce) {
  TestPool sut({{wait, 4}});
  publish_next(*sut.writer);
  publish_next(*sut.writer);
  // It died in take(), between the claim and `next`.
  sut.reader_page(0).hold[0].store(1);
  sut.reader_page(0).floor.store(2);
  const auto successor = sut.make_reader(0);
  successor->lose_unfinished();
  EXPECT_EQ(1U, successor->dropped(DropReason::lost_in_crash));
  EXPECT_EQ(2U, take_one(*successor)->header().sequence);
  const auto third = sut.make_reader(0);  // the frame that it had
  third->lose_unfinished();
  EXPECT_EQ(2U, third->dropped(DropReason::lost_in_crash));
}

TEST(TakeOverTest, AnUnfinishedFrameCanBeTakenOnceMore) {
  TestPool sut({{wait, 4}});
  for (int i = 0; i < 3; ++i) publish_next(*sut.writer);
  const auto died_on = take_one(*sut.readers[0]);
  const auto successor = sut.make_reader(0);
  ASSERT_TRUE(successor->can_take_again());
  successor->take_again();
  EXPECT_TRUE(successor->is_to_take_again());
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
    const auto frame = take_one(*successor);
    ASSERT_TRUE(frame);
    EXPECT_TRUE(is_intact(*frame, sequence));
    EXPECT_FALSE(successor->is_to_take_again());
  }
  EXPECT_EQ(3U, taken(sut, 0));
  EXPECT_EQ(0U, successor->dropped(DropReason::lost_in_crash));
}

// Its predecessor had every place of the hold table in use, and what is to be taken again keeps
// those places: it waited for one for ever.
TEST(TakeOverTest, AFrameIsTakenOnceMoreFromAFullHoldTable) {
  PoolConfig config;
  config.holds = 2;
  TestPool sut({{wait, 4}}, config);
  for (int i = 0; i < 3; ++i) publish_next(*sut.writer);
  const auto kept = take_one(*sut.readers[0]);
  sut.readers[0]->complete();
  const auto died_on = take_one(*sut.readers[0]);
  const auto successor = sut.make_reader(0);
  successor->take_again();
  EXPECT_TRUE(successor->can_hold());
  auto frame = take_one(*successor);
  ASSERT_TRUE(frame);
  EXPECT_TRUE(is_intact(*frame, 2));
  successor->let_go_inherited();
  for (int i = 0; i < 20; ++i) {
    if (const auto slot = sut.writer->try_loan()) fill(sut.writer->slot_data(*slot), 999);
  }
  EXPECT_TRUE(is_intact(*frame, 2));
  EXPECT_TRUE(take_one(*successor)) << "the other place is free again";
  frame.reset();
  for (const auto& hold : sut.reader_page(0).hold) EXPECT_EQ(hold.load(), 0U);
}

TEST(TakeOverTest, AFrameThatWasToBeTakenOnceMoreCanBeSkipped) {
  TestPool sut({{wait, 4}});
  publish_next(*sut.writer);
  const auto died_on = take_one(*sut.readers[0]);
  const auto successor = sut.make_reader(0);
  successor->take_again();
  FrameHeader header;
  ASSERT_EQ(successor->peek(header), RingReader::Status::frame);
  successor->skip(header.sequence, DropReason::unmatched);
  EXPECT_FALSE(successor->is_to_take_again()) << "what is inherited is kept for it";
}

TEST(TakeOverTest, WhatWasLetGoOrMayBeDroppedIsNotTakenAgain) {
  TestPool sut({{wait, 4}, {drop_oldest, 1}});
  publish_next(*sut.writer);
  take_one(*sut.readers[0]);  // and let go
  const auto kept = take_one(*sut.readers[1]);
  EXPECT_FALSE(sut.make_reader(0)->can_take_again());
  EXPECT_FALSE(sut.make_reader(1)->can_take_again());
}

TEST(TakeOverTest, AnUnfinishedFrameCanCountAsWorkedOn) {
  TestPool sut({{wait, 4}});
  publish_next(*sut.writer);
  take_one(*sut.readers[0]);
  sut.make_reader(0)->complete_unfinished();
  const auto third = sut.make_reader(0);
  EXPECT_FALSE(third->unfinished());
  EXPECT_EQ(0U, third->dropped(DropReason::lost_in_crash));
  EXPECT_EQ(1U, taken(sut, 0));
}

TEST(TakeOverTest, WhatAPredecessorHeldStaysUntilItIsLetGo) {
  TestPool sut({{drop_oldest, 1}});
  publish_next(*sut.writer);
  const auto frame = take_one(*sut.readers[0]);
  const auto successor = sut.make_reader(0);
  ASSERT_TRUE(successor->holds_inherited());
  for (int i = 0; i < 50; ++i) publish_next(*sut.writer);
  EXPECT_TRUE(is_intact(*frame, 1));
  successor->let_go_inherited();
  EXPECT_FALSE(successor->holds_inherited());
  EXPECT_EQ(0U, sut.reader_page(0).hold[0].load());
}

TEST(TakeOverTest, TheNewestValueCanBeTakenOnceMore) {
  TestPool sut({{drop_oldest, 1}});
  publish_next(*sut.writer);
  publish_next(*sut.writer);
  take_one(*sut.readers[0]);
  sut.readers[0]->complete();
  const auto successor = sut.make_reader(0);
  EXPECT_FALSE(take_one(*successor));
  successor->take_newest_again();
  EXPECT_EQ(2U, take_one(*successor)->header().sequence);
  EXPECT_EQ(1U, taken(sut, 0));
  EXPECT_EQ(1U, successor->dropped(DropReason::superseded));
}

TEST(TakeOverTest, AReaderThatIsAheadOfItsWriterIsRefused) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  sut.reader_page(0).next.store(7);
  EXPECT_THROW(sut.make_reader(0), WireCorrupt);
}

TEST(TakeOverTest, WhatWasSentOnIsInUseUntilNobodyCanTakeOrHoldIt) {
  TestPool sut({{wait, 4}});
  publish_next(*sut.writer);
  publish_next(*sut.writer);
  replace_writer(sut, {0});
  EXPECT_TRUE(sut.writer->inherited_in_use());
  take_one(*sut.readers[0]);
  const auto held = take_one(*sut.readers[0]);
  publish_next(*sut.writer);  // or an observer could still take the newest of them
  EXPECT_TRUE(sut.writer->inherited_in_use());
  sut.readers[0]->release_hold(0);
  EXPECT_FALSE(sut.writer->inherited_in_use());
}

}  // namespace
}  // namespace vcengine::wire
