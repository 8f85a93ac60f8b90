/// Readers that come while frames flow, and successors of readers.
#include <gtest/gtest.h>

#include <string>

#include "tests/sdk/test_pool.hpp"

namespace vcengine::wire {
namespace {

using Status = RingReader::Status;
using enum Policy;

/// A reader's page with a line of the host for itself.
class Newcomer {
 public:
  Newcomer(const TestPool& pool, ReaderSpec spec) : pool_(pool), spec_(spec) {
    init_host_page(host_.bytes(), 1);
    make_page(1);
  }

  WireLine& line() const { return host_page(host_.bytes()).wire()[0]; }
  ReaderPage& page() const { return reader_page(bytes_.bytes()); }
  RingWriter::Reader wired() const { return {&page(), &line()}; }

  /// As the host does with the writer's answer.
  void join_at(std::uint64_t sequence) {
    page().header.join = sequence;
    page().floor.store(sequence);
    page().next.store(sequence);
    reader = std::make_shared<RingReader>(
        page(), std::span<const std::byte>(pool_.memory->control.bytes()),
        pool_.memory->payload.bytes(), line(), doorbell_, pool_.memory);
  }
  void open() const {
    line().gate.store(spec_.policy == wait ? 1 : 0);
    line().alive.store(1);
  }

  std::shared_ptr<RingReader> reader;

 private:
  void make_page(std::uint64_t join) {
    init_reader_page(bytes_.bytes(), {.wire = 0,
                                      .policy = spec_.policy,
                                      .depth = spec_.depth,
                                      .holds = pool_.config.holds,
                                      .join = join});
  }

  const TestPool& pool_;
  const ReaderSpec spec_;
  CountingDoorbell doorbell_;
  Mapping host_ = Mapping::anonymous(host_page_size(1));
  Mapping bytes_ = Mapping::anonymous(sizeof(ReaderPage));
};

TEST(JoiningTest, AWaitReaderGetsAllFromTheNextFrameOn) {
  TestPool sut({{wait, 8}});
  for (int i = 0; i < 3; ++i) publish_next(*sut.writer);
  Newcomer newcomer(sut, {wait, 2});
  const auto join = sut.writer->add_reader(newcomer.wired());
  EXPECT_EQ(join, 4U);
  newcomer.join_at(join);

  // The host has not opened its gate yet: what comes meanwhile waits for it all the same.
  publish_next(*sut.writer);
  EXPECT_TRUE(sut.writer->has_space());
  publish_next(*sut.writer);
  EXPECT_FALSE(sut.writer->has_space());
  newcomer.open();
  EXPECT_FALSE(sut.writer->has_space());

  for (const auto expected : {4U, 5U}) {
    const auto frame = take_one(*newcomer.reader);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->header().sequence, expected);
    EXPECT_TRUE(is_intact(*frame, expected));
  }
  EXPECT_TRUE(sut.writer->has_space());
}

TEST(JoiningTest, WhatWaitsForOneThatJoinsIsNotOverwritten) {
  TestPool sut({{drop_oldest, 1}}, {.depth = 8});
  publish_next(*sut.writer);
  Newcomer newcomer(sut, {wait, 8});
  newcomer.join_at(sut.writer->add_reader(newcomer.wired()));
  for (int i = 0; i < 8; ++i) publish_next(*sut.writer);
  EXPECT_FALSE(sut.writer->has_space());
  newcomer.open();
  for (std::uint64_t expected = 2; expected < 10; ++expected) {
    const auto frame = take_one(*newcomer.reader);
    ASSERT_TRUE(frame);
    EXPECT_TRUE(is_intact(*frame, expected));
  }
}

TEST(JoiningTest, OneThatJoinedAndLeftHoldsNobodyUp) {
  TestPool sut({{wait, 2}});
  Newcomer newcomer(sut, {wait, 2});
  newcomer.join_at(sut.writer->add_reader(newcomer.wired()));
  newcomer.open();
  EXPECT_TRUE(sut.writer->has_space());
  newcomer.line().gate.store(static_cast<std::uint32_t>(Gate::closed));
  newcomer.line().alive.store(0);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(sut.writer->has_space());
    publish_next(*sut.writer);
    EXPECT_TRUE(take_one(*sut.readers[0]));
  }
}

TEST(JoiningTest, ADropOldestReaderFindsTheNewestFrames) {
  TestPool sut({{drop_oldest, 3}});
  for (int i = 0; i < 9; ++i) publish_next(*sut.writer);
  Newcomer deep(sut, {drop_oldest, 2});
  deep.join_at(sut.writer->add_reader(deep.wired()));
  deep.open();
  const auto first = take_one(*deep.reader), second = take_one(*deep.reader);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->header().sequence, 8U);
  EXPECT_EQ(second->header().sequence, 9U);
  EXPECT_EQ(deep.reader->dropped(DropReason::superseded), 0U) << "it lost nothing: it came late";
}

TEST(JoiningTest, ADropOldestReaderDeeperThanTheOthersMakesTheWindowWiderFromThenOn) {
  TestPool sut({{wait, 4}}, {.depth = 4});
  for (int i = 0; i < 4; ++i) publish_next(*sut.writer);
  while (take_one(*sut.readers[0])) {
  }
  Newcomer deep(sut, {drop_oldest, 4});
  deep.join_at(sut.writer->add_reader(deep.wired()));
  deep.open();
  for (int i = 0; i < 6; ++i) {
    publish_next(*sut.writer);
    take_one(*sut.readers[0]);
  }
  for (std::uint64_t expected = 7; expected <= 10; ++expected) {
    const auto frame = take_one(*deep.reader);
    ASSERT_TRUE(frame);
    EXPECT_TRUE(is_intact(*frame, expected));
  }
}

TEST(JoiningTest, ASuccessorOfAWaitReaderGetsWhatItsPredecessorHadNotTaken) {
  TestPool sut({{wait, 4}});
  for (int i = 0; i < 4; ++i) publish_next(*sut.writer);
  take_one(*sut.readers[0]);
  const auto held = take_one(*sut.readers[0]);  // and dies with it, its gate still open
  sut.line(0).alive.store(0);
  Newcomer successor(sut, {wait, 4});
  ReaderConfig config;
  config.succeed(sut.reader_page(0));
  successor.join_at(config.join);
  successor.open();
  sut.writer->replace_reader(0, successor.wired());
  for (std::uint64_t expected = 3; expected < 50; ++expected) {
    const auto frame = take_one(*successor.reader);
    ASSERT_TRUE(frame) << expected;
    EXPECT_TRUE(is_intact(*frame, expected));
    while (sut.writer->has_space()) publish_next(*sut.writer);
  }
}

// It was counted as dropped, and sent again.
TEST(JoiningTest, ASuccessorDoesNotGetWhatItsPredecessorHadSkipped) {
  TestPool sut({{wait, 4}});
  for (int i = 0; i < 4; ++i) publish_next(*sut.writer);
  take_one(*sut.readers[0]);
  sut.readers[0]->skip(2, DropReason::unmatched);
  sut.reader_page(0).floor.store(2);  // killed before it moved its floor
  ReaderConfig successor;
  successor.succeed(sut.reader_page(0));
  EXPECT_EQ(successor.join, 3U);
}

TEST(JoiningTest, ASuccessorDoesNotGetWhatWasInTheHandsOfItsPredecessor) {
  TestPool sut({{wait, 4}});
  for (int i = 0; i < 4; ++i) publish_next(*sut.writer);
  take_one(*sut.readers[0]);
  sut.reader_page(0).next.store(1);  // killed after it moved its floor
  ReaderConfig successor;
  successor.succeed(sut.reader_page(0));
  EXPECT_EQ(successor.join, 2U) << "frame 1 is pinned no more";
}

TEST(JoiningTest, MoreThanThePoolHasPlacesForAreRefused) {
  TestPool sut({{wait, 2}}, {.observers = 1});
  const Newcomer first(sut, {drop_oldest, 1}), second(sut, {drop_oldest, 1});
  sut.writer->add_reader(first.wired());
  EXPECT_THROW(sut.writer->add_reader(second.wired()), WireCorrupt);
  const Newcomer too_deep(sut, {drop_oldest, 3});
  EXPECT_THROW(sut.writer->replace_reader(1, too_deep.wired()), WireCorrupt);
}

}  // namespace
}  // namespace vcengine::wire
