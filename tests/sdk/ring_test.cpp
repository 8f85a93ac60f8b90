#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "tests/sdk/test_pool.hpp"

namespace vcengine::wire {
namespace {

using Status = RingReader::Status;
using enum Policy;

/// What nobody lost: taken + dropped + in flight, from the page alone as an onlooker counts it.
std::uint64_t accounted_for(const TestPool& pool, std::size_t reader, std::uint64_t taken) {
  std::uint64_t dropped = 0;
  for (const auto& drops : pool.reader_page(reader).drops) dropped += drops.load();
  const auto in_flight = pool.writer_page().head.load() + 1 - pool.reader_page(reader).next.load();
  return taken + dropped + in_flight;
}

std::string corruption_of(RingReader& reader) {
  FrameRef frame;
  try {
    for (int i = 0; i < 100; ++i) reader.take(frame);
  } catch (const WireCorrupt& error) {
    return error.what();
  }
  return {};
}

TEST(RingTest, GivesFramesInOrderWithTheirHeaders) {
  TestPool sut({{wait, 4}});
  const auto slot = sut.writer->try_loan();
  ASSERT_TRUE(slot);
  const FrameHeader sent{.type = {Family::image, 16},
                         .size = 12,
                         .shape = {2, 2},
                         .stamp = Stamp{40},
                         .born = Born{7},
                         .cause = 3};
  sut.writer->publish(*slot, sent);
  publish_next(*sut.writer);

  const auto first = take_one(*sut.readers[0]);
  const auto second = take_one(*sut.readers[0]);

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->header().sequence, 1U);
  EXPECT_EQ(first->header().type, sent.type);
  EXPECT_EQ(first->header().size, sent.size);
  EXPECT_EQ(first->header().shape, sent.shape);
  EXPECT_EQ(first->header().stamp, sent.stamp);
  EXPECT_EQ(first->header().born, sent.born);
  EXPECT_EQ(first->header().cause, sent.cause);
  EXPECT_EQ(second->header().sequence, 2U);
  EXPECT_TRUE(is_intact(*second, 2));
}

TEST(RingTest, MixedPoliciesAndDepthsOnOneOutputAreCountedExactly) {
  const std::vector<ReaderSpec> specs{{wait, 2}, {wait, 5}, {drop_oldest, 1}, {drop_oldest, 3}};
  TestPool sut(specs);
  std::mt19937 random(7);
  std::vector<std::uint64_t> taken(specs.size(), 0), last(specs.size(), 0);
  std::uint64_t published = 0;
  const auto take = [&](std::size_t i) {
    const auto frame = take_one(*sut.readers[i]);
    if (!frame) return false;
    EXPECT_GT(frame->header().sequence, last[i]);
    EXPECT_GE(frame->header().sequence + specs[i].depth, published + 1) << "deeper than its depth";
    EXPECT_TRUE(is_intact(*frame, frame->header().sequence));
    last[i] = frame->header().sequence;
    ++taken[i];
    return true;
  };

  for (int step = 0; step < 20'000; ++step) {
    const auto who = random() % 10;
    if (who < specs.size()) {
      take(who);
    } else if (sut.writer->has_space()) {
      publish_next(*sut.writer);
      ++published;
    }
    for (std::size_t i = 0; i < specs.size(); ++i) {
      ASSERT_EQ(accounted_for(sut, i, taken[i]), published) << "reader " << i << " step " << step;
    }
  }
  for (std::size_t i = 0; i < specs.size(); ++i) {
    while (take(i)) {
    }
    EXPECT_EQ(taken[i] + sut.readers[i]->dropped(DropReason::superseded), published);
  }
  EXPECT_EQ(taken[0], published);
  EXPECT_EQ(taken[1], published);
  EXPECT_GT(sut.readers[2]->dropped(DropReason::superseded), 0U);
  EXPECT_GT(sut.readers[2]->dropped(DropReason::superseded),
            sut.readers[3]->dropped(DropReason::superseded));
}

TEST(RingTest, WriterWaitsForAWaitReaderAtItsOwnDepth) {
  TestPool sut({{wait, 2}, {wait, 7}, {drop_oldest, 1}});
  EXPECT_TRUE(sut.writer->has_space());
  publish_next(*sut.writer);
  EXPECT_TRUE(sut.writer->has_space());
  publish_next(*sut.writer);
  EXPECT_FALSE(sut.writer->has_space());

  take_one(*sut.readers[0]);

  EXPECT_TRUE(sut.writer->has_space());
}

TEST(RingTest, AWaitReaderThatTheHostLetGoHoldsNobodyUp) {
  TestPool sut({{wait, 1}, {drop_oldest, 1}});
  publish_next(*sut.writer);
  ASSERT_FALSE(sut.writer->has_space());

  sut.line(0).gate.store(0);
  sut.line(0).alive.store(0);

  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(sut.writer->has_space());
    publish_next(*sut.writer);
  }
}

TEST(RingTest, StoppedReadersNeverStarveADropOldestWire) {
  PoolConfig config;
  config.loans = 2;
  TestPool sut({{drop_oldest, 1}, {drop_oldest, 4}, {drop_oldest, 4}}, config);
  std::vector<FrameRef> kept;
  for (std::size_t reader = 1; reader < 3; ++reader) {
    for (std::uint32_t i = 0; i < config.holds; ++i) {  // different frames, all that it may hold
      publish_next(*sut.writer);
      kept.push_back(*take_one(*sut.readers[reader]));
    }
  }

  for (int i = 0; i < 5000; ++i) {
    const auto first = sut.writer->try_loan();
    const auto second = sut.writer->try_loan();
    ASSERT_TRUE(first && second) << "after " << i;
    sut.writer->publish(*first, header_of(1));
    sut.writer->give_back(*second);
    ASSERT_TRUE(take_one(*sut.readers[0]));
  }
}

TEST(RingTest, HoldsOfADeadReaderAreGivenBackByItsAliveBit) {
  TestPool sut({{drop_oldest, 1}});
  std::set<std::byte*> held;
  std::vector<FrameRef> kept;
  for (int i = 0; i < 4; ++i) {
    publish_next(*sut.writer);
    kept.push_back(*take_one(*sut.readers[0]));
    held.insert(const_cast<std::byte*>(kept.back().payload().data()));
  }
  const auto reuses_held = [&] {
    bool any = false;
    for (int i = 0; i < 100; ++i) {
      const auto slot = *sut.writer->try_loan();
      any = any || held.contains(sut.writer->slot_data(slot));
      sut.writer->publish(slot, header_of(1));
    }
    return any;
  };
  ASSERT_FALSE(reuses_held());

  sut.line(0).alive.store(0);

  EXPECT_TRUE(reuses_held());
}

TEST(RingTest, ReusesTouchedSlotsBeforeOpeningNewOnes) {
  PoolConfig large;
  large.capacity = 1 << 20;
  TestPool sut({{wait, 2}, {drop_oldest, 1}}, large);
  std::set<std::uint32_t> touched;
  for (int i = 0; i < 1000; ++i) {
    const auto slot = *sut.writer->try_loan();
    touched.insert(slot);
    sut.writer->publish(slot, header_of(1));
    const auto picture = take_one(*sut.readers[0]);
    take_one(*sut.readers[1]);
  }
  EXPECT_LE(touched.size(), 4U) << "of " << sut.config.slots();
}

TEST(RingTest, ALoanGivenBackPublishesNothing) {
  TestPool sut({{wait, 2}});
  const auto slot = *sut.writer->try_loan();
  sut.writer->give_back(slot);
  EXPECT_FALSE(take_one(*sut.readers[0]));
  EXPECT_EQ(*sut.writer->try_loan(), slot);
}

TEST(RingTest, AGlanceSeesWhatANewLookWouldFind) {
  for (const auto policy : {wait, drop_oldest}) {
    TestPool sut({{policy, 2}});
    auto& reader = *sut.readers[0];
    EXPECT_FALSE(reader.glance());
    for (int i = 0; i < 100; ++i) {
      publish_next(*sut.writer);
      EXPECT_TRUE(reader.glance()) << i;
      take_one(reader);
      EXPECT_FALSE(reader.glance()) << i;
    }
  }
  TestPool overrun({{drop_oldest, 1}});
  for (int i = 0; i < 1000; ++i) {
    publish_next(*overrun.writer);
    EXPECT_TRUE(overrun.readers[0]->glance()) << i;
  }
}

TEST(RingTest, EndsAfterTheLastFrame) {
  for (const auto policy : {wait, drop_oldest}) {
    TestPool sut({{policy, 2}});
    FrameRef frame;
    EXPECT_EQ(sut.readers[0]->take(frame), Status::empty);
    publish_next(*sut.writer);
    sut.writer->end();
    EXPECT_EQ(sut.readers[0]->take(frame), Status::frame);
    EXPECT_EQ(sut.readers[0]->take(frame), Status::ended);
    EXPECT_EQ(sut.readers[0]->take(frame), Status::ended);
  }
}

TEST(RingTest, ADeadWritersFramesAreDrainedBeforeTheEnd) {
  TestPool sut({{wait, 3}});
  publish_next(*sut.writer);
  publish_next(*sut.writer);

  sut.line(0).writer_gone.store(1);

  FrameRef frame;
  EXPECT_EQ(sut.readers[0]->take(frame), Status::frame);
  EXPECT_EQ(sut.readers[0]->take(frame), Status::frame);
  EXPECT_EQ(sut.readers[0]->take(frame), Status::ended);
}

TEST(RingTest, MoreFramesThanItsHoldsAreRefusedUntilOneIsLetGo) {
  for (const auto policy : {wait, drop_oldest}) {
    TestPool sut({{policy, 8}});
    for (int i = 0; i < 6; ++i) publish_next(*sut.writer);
    std::vector<FrameRef> kept;
    for (int i = 0; i < 4; ++i) kept.push_back(*take_one(*sut.readers[0]));
    FrameRef frame;
    EXPECT_EQ(sut.readers[0]->take(frame), Status::too_many_held);

    kept.erase(kept.begin() + 2);

    EXPECT_EQ(sut.readers[0]->take(frame), Status::frame);
    EXPECT_EQ(frame.header().sequence, 5U) << "the refusal must not cost a frame";
  }
}

TEST(RingTest, KeptFramesStayIntactWhileThousandsArePublished) {
  for (const auto policy : {wait, drop_oldest}) {
    TestPool sut({{policy, 2}, {drop_oldest, 2}});
    std::vector<FrameRef> kept;
    std::vector<std::uint64_t> sequences;
    for (int i = 0; i < 3; ++i) {
      publish_next(*sut.writer);
      kept.push_back(*take_one(*sut.readers[0]));
      sequences.push_back(kept.back().header().sequence);
    }
    for (int i = 0; i < 5000; ++i) {
      publish_next(*sut.writer);
      const auto passing = take_one(*sut.readers[0]);
      ASSERT_TRUE(passing && is_intact(*passing, passing->header().sequence));
    }
    for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_TRUE(is_intact(kept[i], sequences[i]));
  }
}

TEST(RingTest, AFrameMayOutliveItsReaderItsWriterAndTheirPool) {
  FrameRef kept, copy;
  {
    TestPool sut({{drop_oldest, 1}});
    publish_next(*sut.writer);
    kept = *take_one(*sut.readers[0]);
    copy = kept;
  }
  EXPECT_TRUE(is_intact(kept, 1));
  kept.reset();
  std::thread elsewhere([frame = std::move(copy)]() mutable {
    EXPECT_TRUE(is_intact(frame, 1));
    frame.reset();
  });
  elsewhere.join();
}

TEST(RingTest, SkippedFramesAreCountedByReasonAndMakeSpace) {
  TestPool sut({{wait, 1}});
  const auto sequence = publish_next(*sut.writer);
  FrameHeader header;
  ASSERT_EQ(sut.readers[0]->peek(header), Status::frame);

  sut.readers[0]->skip(sequence, DropReason::unmatched);

  EXPECT_TRUE(sut.writer->has_space());
  EXPECT_EQ(sut.readers[0]->dropped(DropReason::unmatched), 1U);
  EXPECT_EQ(accounted_for(sut, 0, 0), 1U);
}

TEST(RingTest, APeekedFrameThatLeftTheWindowIsGoneAndCounted) {
  TestPool sut({{drop_oldest, 1}});
  const auto peeked = publish_next(*sut.writer);
  FrameHeader header;
  ASSERT_EQ(sut.readers[0]->peek(header), Status::frame);
  publish_next(*sut.writer);

  FrameRef frame;
  EXPECT_EQ(sut.readers[0]->take(frame, peeked), Status::gone);

  EXPECT_EQ(take_one(*sut.readers[0])->header().sequence, peeked + 1);
  EXPECT_EQ(accounted_for(sut, 0, 1), 2U);
}

TEST(RingTest, FramesAreIntactAcrossTheWrapOfTheTagsHalfSequence) {
  for (const auto policy : {wait, drop_oldest}) {
    PoolConfig config;
    config.first = (std::uint64_t{1} << 32) - 40;
    TestPool sut({{policy, 2}}, config);
    for (int i = 0; i < 80; ++i) {
      const auto sequence = publish_next(*sut.writer);
      const auto frame = take_one(*sut.readers[0]);
      ASSERT_TRUE(frame) << sequence;
      EXPECT_EQ(frame->header().sequence, sequence);
      EXPECT_TRUE(is_intact(*frame, sequence));
    }
  }
}

/// With a tag that could be 0, sequence 2^32 in slot 0 looked the same before and while it was
/// overwritten: a reader took half of one descriptor and half of the other.
TEST(RingTest, AnEntryBeingWrittenIsNeverTakenForThatOfSequence2To32) {
  PoolConfig config;
  config.first = std::uint64_t{1} << 32;
  TestPool sut({{drop_oldest, 1}}, config);
  publish_next(*sut.writer);  // into slot 0
  sut.entry(config.first).tag.store(0);

  FrameHeader header;
  EXPECT_THROW(sut.readers[0]->peek(header), WireCorrupt);
}

TEST(RingTest, JoinsAtTheFirstSequenceOfALaterGeneration) {
  PoolConfig config;
  config.generation = 2;
  config.first = 1000;
  TestPool sut({{wait, 2}, {drop_oldest, 2}}, config);
  FrameRef frame;
  EXPECT_EQ(sut.readers[0]->take(frame), Status::empty);
  EXPECT_EQ(sut.readers[1]->take(frame), Status::empty);
  EXPECT_EQ(publish_next(*sut.writer), 1000U);
  EXPECT_EQ(take_one(*sut.readers[0])->header().sequence, 1000U);
  EXPECT_EQ(take_one(*sut.readers[1])->header().sequence, 1000U);
  EXPECT_EQ(sut.readers[1]->dropped(DropReason::superseded), 0U);
}

TEST(RingTest, TheBoundOnlyGrows) {
  TestPool sut({{wait, 2}});
  EXPECT_EQ(sut.readers[0]->bound(), 0);
  sut.writer->advance_bound(50, false);
  sut.writer->advance_bound(40, false);
  sut.writer->advance_bound(-1, false);
  EXPECT_EQ(sut.readers[0]->bound(), 50);
}

TEST(RingTest, ABusyWireMakesNoSystemCall) {
  TestPool sut({{wait, 2}, {drop_oldest, 1}});
  for (int i = 0; i < 100; ++i) {
    publish_next(*sut.writer);
    take_one(*sut.readers[0]);
    take_one(*sut.readers[1]);
  }
  EXPECT_EQ(sut.memory->doorbell.rings, 0);
}

TEST(RingTest, AReaderStoppedInItsSleepCostsOneWakeUpAndNotOneAFrame) {
  TestPool sut({{drop_oldest, 1}});
  sut.readers[0]->announce_wait();
  for (int i = 0; i < 100; ++i) publish_next(*sut.writer);
  EXPECT_EQ(sut.memory->doorbell.rings, 1);
  sut.readers[0]->retract_wait();
  sut.readers[0]->announce_wait();
  publish_next(*sut.writer);
  EXPECT_EQ(sut.memory->doorbell.rings, 2) << "the next sleep is another one";
}

TEST(RingTest, TakingAndReleasingWakeAWriterThatWantsSpace) {
  TestPool sut({{wait, 1}});
  publish_next(*sut.writer);
  sut.writer->want_space(true);
  auto frame = take_one(*sut.readers[0]);
  EXPECT_EQ(sut.memory->doorbell.rings, 1);
  frame.reset();
  EXPECT_EQ(sut.memory->doorbell.rings, 2);
  sut.writer->want_space(false);
  publish_next(*sut.writer);
  take_one(*sut.readers[0]);
  EXPECT_EQ(sut.memory->doorbell.rings, 2);
}

TEST(RingTest, LendsAsManySlotsAsThePoolWasMadeFor) {
  PoolConfig config;
  config.loans = 3;
  TestPool sut({{wait, 2}, {drop_oldest, 5}}, config);
  EXPECT_EQ(sut.writer->max_loans(), 3U);
}

TEST(RingTest, MoreReadersThanThePoolWasMadeForAreRefused) {
  TestPool pool({{wait, 1}});
  const std::vector<RingWriter::Reader> readers(
      4, {&pool.reader_page(0), &pool.line(0)});  // one, and two places for observers
  CountingDoorbell doorbell;
  EXPECT_THROW(RingWriter(pool.writer_page(), pool.memory->payload.bytes(), readers, doorbell),
               WireCorrupt);
}

// What follows is read from pages that somebody else has scribbled on.

TEST(HostileWriterTest, EachLieIsNamed) {
  struct Lie {
    const char* expected;
    void (*tell)(TestPool&);
  };
  const Lie lies[] = {
      {"slot 4095 does not exist", [](TestPool& p) { p.entry(1).tag.store(1ULL << 32 | 4096); }},
      {"another frame's entry", [](TestPool& p) { p.entry(1).tag.store(2ULL << 32 | 1); }},
      {"do not fit its slot", [](TestPool& p) { p.entry(1).size.store(p.config.stride() + 1); }},
      {"a pool that this wire does not know", [](TestPool& p) { p.entry(1).kind.store(1); }},
      {"time out of range", [](TestPool& p) { p.entry(1).stamp.store(1ULL << 63); }},
      {"time out of range", [](TestPool& p) { p.entry(1).born.store(~0ULL); }},
      {"no wire lives that long", [](TestPool& p) { p.writer_page().head.store(~0ULL); }},
      {"another frame's entry", [](TestPool& p) { p.writer_page().head.store(1000); }},
  };
  for (const auto policy : {wait, drop_oldest}) {
    for (const auto& lie : lies) {
      TestPool sut({{policy, 2}});
      publish_next(*sut.writer);
      lie.tell(sut);
      EXPECT_NE(corruption_of(*sut.readers[0]).find(lie.expected), std::string::npos)
          << lie.expected << " / " << corruption_of(*sut.readers[0]);
    }
  }
}

TEST(HostileWriterTest, AHeadThatGoesBackIsNamed) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  publish_next(*sut.writer);
  take_one(*sut.readers[0]);
  sut.writer_page().head.store(1);
  EXPECT_NE(corruption_of(*sut.readers[0]).find("the head went back"), std::string::npos);
}

TEST(HostileWriterTest, AWindowBehindTheHeadIsNamed) {
  TestPool sut({{drop_oldest, 2}});
  publish_next(*sut.writer);
  sut.writer_page().valid_from.store(3);
  EXPECT_NE(corruption_of(*sut.readers[0]).find("the window starts after the head"),
            std::string::npos);
}

/// The header was checked, then read again: a writer that changed it in between made the reader
/// leave its mapping.
TEST(HostileWriterTest, AHeaderChangedAfterItWasCheckedChangesNothing) {
  TestPool sut({{wait, 2}});
  publish_next(*sut.writer);
  auto& header = sut.writer_page().header;
  header.ring_size = 1U << 30;
  header.slots = 1U << 30;
  header.stride = 1ULL << 50;
  const auto frame = take_one(*sut.readers[0]);
  EXPECT_TRUE(frame && is_intact(*frame, 1));
}

std::uint64_t nasty(std::mt19937_64& random) {
  switch (random() % 6) {
    case 0:
      return 0;
    case 1:
      return ~0ULL;
    case 2:
      return random() % 64;
    case 3:
      return 1ULL << (random() % 64);
    case 4:
      return (random() % 64) << 32 | random() % 64;
    default:
      return random();
  }
}

void scribble(std::span<std::byte> bytes, std::mt19937_64& random, std::size_t from) {
  const auto words = (bytes.size() - from) / 8;
  const auto count = 1 + random() % 8;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto value = nasty(random);
    std::memcpy(bytes.data() + from + random() % words * 8, &value, 8);
  }
}

TEST(HostileWriterTest, GarbageInItsPageNeverCrashesOrHangsAReader) {
  std::mt19937_64 random(20260101);
  PoolConfig config;
  config.holds = 2;
  config.observers = 0;
  int corrupt = 0, survived = 0;
  for (int round = 0; round < 4000; ++round) {
    const auto policy = round % 2 == 0 ? wait : drop_oldest;
    TestPool pool({{policy, 3}}, config);
    for (int i = 0; i < 1 + round % 3; ++i) publish_next(*pool.writer);
    const auto used = writer_page_size(config.ring_size(), config.slots());
    if (round % 4 < 2) scribble(pool.memory->control.bytes().first(used), random, 0);
    std::vector<FrameRef> kept;
    try {
      const auto sut = pool.make_reader(0);
      for (int step = 0; step < 40; ++step) {
        if (step % 3 == 0) scribble(pool.memory->control.bytes().first(used), random, kLine);
        FrameHeader header;
        FrameRef frame;
        switch (random() % 4) {
          case 0:
            sut->bound();
            break;
          case 1:
            if (sut->peek(header) == Status::frame)
              sut->skip(header.sequence, DropReason::unmatched);
            break;
          default:
            if (sut->take(frame) == Status::frame) {
              unsigned sum = 0;
              for (const auto byte : frame.payload()) sum += static_cast<unsigned>(byte);
              EXPECT_LE(frame.payload().size(), config.stride() + sum * 0);
              if (step % 2 == 0) kept.push_back(frame);
            }
        }
      }
      ++survived;
    } catch (const WireCorrupt&) {
      ++corrupt;
    }
  }
  EXPECT_GT(corrupt, 100);
  EXPECT_GT(survived, 100);
}

TEST(HostileReaderTest, GarbageInItsPageNeverCrashesOrStarvesTheWriter) {
  std::mt19937_64 random(20260202);
  for (int round = 0; round < 2000; ++round) {
    TestPool sut({{drop_oldest, 2}, {drop_oldest, 2}});
    for (int step = 0; step < 40; ++step) {
      scribble(sut.memory->readers[0].bytes().first(sizeof(ReaderPage)), random, 0);
      ASSERT_TRUE(sut.writer->has_space());
      const auto first = sut.writer->try_loan();
      const auto second = sut.writer->try_loan();
      ASSERT_TRUE(first && second);
      sut.writer->give_back(*second);
      fill(sut.writer->slot_data(*first), sut.writer->head() + 1);
      sut.writer->publish(*first, header_of(1));
      const auto frame = take_one(*sut.readers[1]);
      ASSERT_TRUE(frame && is_intact(*frame, frame->header().sequence)) << "the honest one suffers";
    }
  }
}

TEST(HostileReaderTest, GarbageInAWaitReadersPageCostsNoOtherReaderItsFrames) {
  std::mt19937_64 random(20260303);
  for (int round = 0; round < 2000; ++round) {
    TestPool sut({{wait, 2}, {wait, 3}});
    std::uint64_t expected = 1;
    for (int step = 0; step < 40; ++step) {
      scribble(sut.memory->readers[0].bytes().first(sizeof(ReaderPage)), random, kLine);
      if (sut.writer->has_space()) publish_next(*sut.writer);  // it may stall, by its right
      if (const auto frame = take_one(*sut.readers[1])) {
        ASSERT_EQ(frame->header().sequence, expected);
        ASSERT_TRUE(is_intact(*frame, expected));
        ++expected;
      }
    }
  }
}

TEST(HostileReaderTest, AHeaderOfGarbageIsRefused) {
  std::mt19937_64 random(20260404);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    TestPool pool({{wait, 2}});
    scribble(pool.memory->readers[0].bytes().first(sizeof(ReaderPage::Header)), random, 0);
    try {
      CountingDoorbell doorbell;
      RingWriter sut(pool.writer_page(), pool.memory->payload.bytes(),
                     {{&reader_page(pool.memory->readers[0].bytes()), &pool.line(0)}}, doorbell);
      for (int i = 0; i < 5 && sut.has_space(); ++i) publish_next(sut);
    } catch (const WireCorrupt&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(LayoutTest, PagesOfAnotherVersionOrSizeAreRefused) {
  TestPool pool({{wait, 2}});
  const auto bytes = pool.memory->control.bytes();
  EXPECT_THROW(writer_page(bytes.first(sizeof(WriterPage) - 1)), WireCorrupt);
  EXPECT_THROW(writer_page(bytes.first(sizeof(WriterPage) + 3 * kLine)), WireCorrupt);
  EXPECT_THROW(reader_page(bytes), WireCorrupt);
  EXPECT_THROW(host_page(bytes), WireCorrupt);
  EXPECT_THROW(status_page(bytes), WireCorrupt);
  pool.writer_page().header.layout_major = kLayoutMajor + 1;
  try {
    writer_page(bytes);
    ADD_FAILURE() << "another version was accepted";
  } catch (const WireCorrupt& error) {
    const auto expected = "layout version " + std::to_string(kLayoutMajor + 1) + ", this is " +
                          std::to_string(kLayoutMajor);
    EXPECT_NE(std::string(error.what()).find(expected), std::string::npos) << error.what();
  }
}

TEST(LayoutTest, QuantilesOfAHistogramAreWithinAnEighth) {
  for (std::uint64_t ns = 1; ns < std::uint64_t{1} << 40; ns = ns * 9 / 8 + 1) {
    const auto bound = Histogram::upper_bound(Histogram::bucket_of(ns));
    EXPECT_GE(bound, ns);
    EXPECT_LE(bound, ns + ns / 8);
  }
}

}  // namespace
}  // namespace vcengine::wire
