#include "engine/run/page_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "tests/sdk/test_pool.hpp"
#include "wire/ring.hpp"

namespace vcengine {
namespace {

/// A writer and a reader, some way into their run.
class PageWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    wire::set_state(status_, wire::WorkerState::running);
    pass(20);
    ASSERT_EQ(writer_watch_.look(), std::nullopt);
    ASSERT_EQ(reader_watch_.look(), std::nullopt);
    ASSERT_EQ(status_watch_.look(), std::nullopt);
  }

  wire::StatusPage& made_status_page() {
    wire::init_status_page(status_bytes_.bytes());
    return wire::status_page(status_bytes_.bytes());
  }

  void pass(int frames) {
    for (int i = 0; i < frames; ++i) {
      wire::publish_next(*pool_.writer);
      ASSERT_TRUE(wire::take_one(taker_));
      taker_.record_age(1000);
    }
  }

  /// Each damage must be found in a page that was in order before, and is again after it.
  template <class Page, class Watch>
  void expect_found(Page& page, std::span<std::byte> bytes, Watch& watch,
                    const std::vector<std::function<void(Page&)>>& damages) {
    const std::vector<std::byte> before(bytes.begin(), bytes.end());
    for (std::size_t i = 0; i < damages.size(); ++i) {
      auto other = watch;
      damages[i](page);
      EXPECT_TRUE(other.look()) << "number " << i;
      std::ranges::copy(before, bytes.begin());
      EXPECT_EQ(watch.look(), std::nullopt) << "number " << i;
    }
  }

  wire::TestPool pool_{{{.policy = wire::Policy::wait, .depth = 2}}};
  wire::RingReader& taker_ = *pool_.readers[0];
  wire::WriterPage& writer_ = pool_.writer_page();
  wire::ReaderPage& reader_ = pool_.reader_page(0);
  wire::Mapping status_bytes_ = wire::Mapping::anonymous(sizeof(wire::StatusPage));
  wire::StatusPage& status_ = made_status_page();
  WriterPageWatch writer_watch_{writer_};
  ReaderPageWatch reader_watch_{reader_, writer_};
  StatusPageWatch status_watch_{status_};
};

TEST_F(PageWatchTest, FindsNothingAsLongAsFramesFlow) {
  for (int i = 0; i < 200; ++i) {
    pass(1);
    ASSERT_EQ(writer_watch_.look(), std::nullopt);
    ASSERT_EQ(reader_watch_.look(), std::nullopt);
  }
  pool_.writer->end();
  EXPECT_EQ(writer_watch_.look(), std::nullopt);
}

TEST_F(PageWatchTest, FindsNothingWhenAFrameWasDroppedOrIsHeld) {
  taker_.skip(wire::publish_next(*pool_.writer), wire::DropReason::unmatched);
  wire::publish_next(*pool_.writer);
  const auto held = wire::take_one(taker_);
  ASSERT_TRUE(held);
  EXPECT_EQ(reader_watch_.look(), std::nullopt);
}

TEST_F(PageWatchTest, FindsNothingWhileAnEntryIsWrittenOnceTheRingIsFull) {
  pass(200);
  auto& line = writer_.ring()[(writer_.head.load() + 1) & (writer_.header.ring_size - 1)];
  line.tag.store(0);
  EXPECT_EQ(writer_watch_.look(), std::nullopt);
}

TEST_F(PageWatchTest, FindsEachWordOfAWritersPageThatCannotBe) {
  expect_found<wire::WriterPage>(
      writer_, pool_.memory->control.bytes(), writer_watch_,
      {
          [](auto& page) { page.header.stride += 4096; },
          [](auto& page) { page.head.store(3); },
          [](auto& page) { page.head.store(std::uint64_t{1} << 60); },
          [](auto& page) { page.head.store(21); },  // nothing is there
          [](auto& page) { page.valid_from.store(0); },
          [](auto& page) { page.valid_from.store(22); },
          [](auto& page) { page.bound.store(~std::uint64_t{0}); },
          [](auto& page) { page.end.store(7); },
          [](auto& page) { page.end.store(100); },
          [](auto& page) { page.want.store(2); },
          [](auto& page) { page.ring()[20 % page.header.ring_size].tag.store(20ULL << 32 | 4000); },
          [](auto& page) { page.ring()[20 % page.header.ring_size].tag.store(19ULL << 32 | 1); },
          [](auto& page) { page.ring()[20 % page.header.ring_size].tag.store(0); },
      });
}

TEST_F(PageWatchTest, FindsEachWordOfAReadersPageThatCannotBe) {
  expect_found<wire::ReaderPage>(reader_, pool_.memory->readers[0].bytes(), reader_watch_,
                                 {
                                     [](auto& page) { page.header.holds = 200; },
                                     [](auto& page) { page.next.store(3); },
                                     [](auto& page) { page.next.store(40); },
                                     [](auto& page) { page.floor.store(3); },
                                     [](auto& page) { page.floor.store(40); },
                                     [](auto& page) { page.drops[0].store(21); },
                                     [](auto& page) { page.drops[7].store(~std::uint64_t{0}); },
                                     [](auto& page) { page.age.count[100].store(21); },
                                     [](auto& page) { page.hold[0].store(21); },
                                     [](auto& page) { page.hold[255].store(1); },
                                     [](auto& page) { page.stamp.store(~std::uint64_t{0}); },
                                     [](auto& page) { page.born.store(~std::uint64_t{0}); },
                                     [](auto& page) { page.waiting.store(2); },
                                 });
}

TEST_F(PageWatchTest, FindsEachWordOfAStatusPageThatCannotBe) {
  const auto later = std::chrono::steady_clock::now() + std::chrono::hours(1);
  status_.processed.store(20);
  ASSERT_EQ(status_watch_.look(), std::nullopt);
  expect_found<wire::StatusPage>(
      status_, status_bytes_.bytes(), status_watch_,
      {
          [](auto& page) { page.header.magic = 0; },
          [](auto& page) { page.state.store(5); },
          [&](auto& page) {
            page.since.store(static_cast<std::uint64_t>(later.time_since_epoch().count()));
          },
          [&](auto& page) {
            page.at_work_since.store(static_cast<std::uint64_t>(later.time_since_epoch().count()));
          },
          [](auto& page) { page.processed.store(19); },
          [](auto& page) { page.exceptions.store(std::uint64_t{1} << 60); },
          [](auto& page) { page.busy.store(std::uint64_t{1} << 60); },
          [](auto& page) { page.partial.store(std::uint64_t{1} << 60); },
          [](auto& page) { page.trigger.store(std::uint64_t{1} << 60); },
          [](auto& page) { page.process_time.count[3].store(std::uint64_t{1} << 60); },
          [](auto& page) { page.kept_commits.store(std::uint64_t{1} << 60); },
      });
}

}  // namespace
}  // namespace vcengine
