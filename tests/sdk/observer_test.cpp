#include "vcengine/observer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <system_error>
#include <thread>

#include "tests/sdk/test_pool.hpp"

namespace vcengine {
namespace {

using namespace wire;  // the pool under observation is set up by hand, as the host does

/// A pool of one `wait` and one `drop_oldest` wire and one place for an observer, in memory files.
class ObservedPool {
 public:
  static constexpr std::uint32_t kPlace = 2;

  ObservedPool() {
    config.depth = 2;
    config.readers = 2;
    config.observers = 1;
    control = make("ring", writer_page_size(config.ring_size(), config.slots()));
    payload = make("frames", config.slots() * config.stride());
    host_file = make("host", host_page_size(3));
    init_writer_page(control.mapping.bytes(), config);
    init_host_page(host_file.mapping.bytes(), 3);
    const ReaderConfig readers_config[] = {
        {.wire = 0, .policy = Policy::wait, .depth = 2},
        {.wire = 1, .policy = Policy::drop_oldest, .depth = 1},
        {.wire = kPlace, .policy = Policy::drop_oldest, .depth = 1},
    };
    std::vector<RingWriter::Reader> pages;
    for (const auto& reader_config : readers_config) {
      auto& file = reader_files.emplace_back(make("reader", sizeof(ReaderPage)));
      init_reader_page(file.mapping.bytes(), reader_config);
      auto& line = host_page(host_file.mapping.bytes()).wire()[reader_config.wire];
      pages.push_back({&reader_page(file.mapping.bytes()), &line});
      if (reader_config.wire != kPlace) line.alive.store(1);
      if (reader_config.policy == Policy::wait) line.gate.store(1);
    }
    writer = std::make_unique<RingWriter>(writer_page(control.mapping.bytes()),
                                          payload.mapping.bytes(), pages, doorbell);
    for (const std::uint32_t wire : {0U, 1U}) {
      readers.push_back(
          std::make_shared<RingReader>(reader_page(reader_files[wire].mapping.bytes()),
                                       std::span<const std::byte>(control.mapping.bytes()),
                                       payload.mapping.bytes(), *pages[wire].line, doorbell));
    }
    for (auto* file : {&control, &payload, &host_file}) seal_future_writes(file->fd.get());
  }

  /// What the host does when an observer comes and when it has gone.
  std::unique_ptr<Observer> attach() {
    auto observer = std::make_unique<Observer>(
        Observer::Descriptors{.writer_page = control.fd.get(),
                              .payload = payload.fd.get(),
                              .own_page = reader_files[kPlace].fd.get(),
                              .host_page = host_file.fd.get(),
                              .reader_pages = {reader_files[0].fd.get(), reader_files[1].fd.get()}},
        kPlace);
    line().alive.store(1);
    return observer;
  }
  void detach() { line().alive.store(0); }
  WireLine& line() { return host_page(host_file.mapping.bytes()).wire()[kPlace]; }

  struct File {
    FileDescriptor fd;
    Mapping mapping;
  };
  static File make(const char* name, std::size_t size) {
    File file{create_segment(name, size), {}};
    file.mapping = Mapping(file.fd.get(), Access::read_write);
    return file;
  }

  PoolConfig config;
  CountingDoorbell doorbell;
  File control, payload, host_file;
  std::vector<File> reader_files;
  std::unique_ptr<RingWriter> writer;
  std::vector<std::shared_ptr<RingReader>> readers;
};

TEST(ObserverTest, SeesTheNewestFrameAndEachOneOnce) {
  ObservedPool pool;
  auto sut = pool.attach();
  EXPECT_FALSE(sut->newest());
  publish_next(*pool.writer);
  publish_next(*pool.writer);
  const auto frame = sut->newest();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->header().sequence, 2U);
  EXPECT_TRUE(is_intact(*frame, 2));
  EXPECT_FALSE(sut->newest());
  EXPECT_FALSE(sut->ended());
  pool.writer->end();
  EXPECT_TRUE(sut->ended());
}

/// Everything that the wires see, with and without the observer `act` is about.
std::vector<std::uint64_t> run_wires(const std::function<void(ObservedPool&, int)>& act) {
  ObservedPool pool;
  std::vector<std::uint64_t> seen;
  std::vector<FrameRef> kept;
  for (int i = 0; i < 2000; ++i) {
    seen.push_back(pool.writer->has_space() ? 1 : 0);
    if (seen.back() != 0) {
      const auto first = pool.writer->try_loan();
      const auto second = pool.writer->try_loan();
      EXPECT_TRUE(first && second) << "the writer starves at " << i;
      if (!first || !second) return {};
      pool.writer->give_back(*second);
      fill(pool.writer->slot_data(*first), pool.writer->head() + 1);
      pool.writer->publish(*first, header_of(1));
    }
    act(pool, i);
    for (std::size_t wire = 0; wire < 2; ++wire) {
      if (i % (3 + wire) == 0) continue;
      auto frame = take_one(*pool.readers[wire]);
      seen.push_back(frame ? frame->header().sequence : 0);
      if (!frame) continue;
      EXPECT_TRUE(is_intact(*frame, frame->header().sequence));
      kept.push_back(std::move(*frame));
      if (kept.size() > 4) kept.erase(kept.begin());
    }
  }
  for (const auto& reader : pool.readers) seen.push_back(reader->dropped(DropReason::superseded));
  EXPECT_EQ(pool.doorbell.rings, 0);
  return seen;
}

TEST(ObserverTest, AttachedStoppedDetachedAndAttachedAgainItNeverChangesWhatWiresGet) {
  const auto alone = run_wires([](ObservedPool&, int) {});
  ASSERT_FALSE(alone.empty());

  std::unique_ptr<Observer> sut;
  std::vector<FrameRef> kept;
  std::uint64_t seen = 0;
  const auto observed = run_wires([&](ObservedPool& pool, int i) {
    switch (i % 500) {
      case 10:
        sut = pool.attach();
        break;
      case 300:  // from 200 on it was stopped, with all its hands full; now it dies
        kept.clear();
        sut.reset();
        pool.detach();
        break;
      default:
        break;
    }
    if (!sut || i % 500 > 200) return;
    if (kept.size() == 4) kept.erase(kept.begin());
    if (auto frame = sut->newest()) {
      EXPECT_TRUE(is_intact(*frame, frame->header().sequence));
      kept.push_back(std::move(*frame));
      ++seen;
    }
  });
  kept.clear();
  sut.reset();

  EXPECT_EQ(observed, alone);
  EXPECT_GT(seen, 300U);
}

TEST(ObserverTest, ClearsWhatAPredecessorThatWasKilledLeftBehind) {
  ObservedPool pool;
  auto& page = reader_page(pool.reader_files[ObservedPool::kPlace].mapping.bytes());
  for (auto& hold : page.hold) hold.store(77);
  page.next.store(~0ULL);
  page.drops[0].store(5);
  publish_next(*pool.writer);

  auto sut = pool.attach();

  EXPECT_TRUE(sut->newest());
  EXPECT_EQ(page.hold[0].load(), 0U) << "the frame was let go";
}

TEST(ObserverTest, CountsWhatBecameOfEachFrame) {
  ObservedPool pool;
  auto sut = pool.attach();
  publish_next(*pool.writer);
  publish_next(*pool.writer);
  const auto held = take_one(*pool.readers[0]);
  const auto newest = take_one(*pool.readers[1]);

  const auto counts = sut->counts();

  EXPECT_EQ(counts.published, 2U);
  ASSERT_EQ(counts.wires.size(), 2U);
  EXPECT_TRUE(counts.wires[0].waits);
  EXPECT_EQ(counts.wires[0].depth, 2U);
  EXPECT_EQ(counts.wires[0].taken, 1U);
  EXPECT_EQ(counts.wires[0].in_flight, 1U);
  EXPECT_EQ(counts.wires[0].held, 1U);
  EXPECT_EQ(counts.wires[1].wire, 1U);
  EXPECT_FALSE(counts.wires[1].waits);
  EXPECT_EQ(counts.wires[1].taken, 1U);
  EXPECT_EQ(counts.wires[1].superseded, 1U);
  EXPECT_EQ(counts.wires[1].in_flight, 0U);
  for (const auto& wire : counts.wires) {
    EXPECT_EQ(counts.published, wire.taken + wire.dropped() + wire.in_flight);
  }
}

TEST(ObserverTest, KeepingTooManyFramesIsRefusedAndHarmless) {
  ObservedPool pool;
  auto sut = pool.attach();
  std::vector<FrameRef> kept;
  for (int i = 0; i < 4; ++i) {
    publish_next(*pool.writer);
    take_one(*pool.readers[0]);
    kept.push_back(*sut->newest());
  }
  publish_next(*pool.writer);
  EXPECT_THROW(sut->newest(), TooManyHeld);
  sut.reset();
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_TRUE(is_intact(kept[i], i + 1));
}

TEST(ObserverTest, RefusesPagesThatAreNotOfAnObserversPlace) {
  ObservedPool pool;
  const auto observe = [&](int own_page, std::uint32_t place) {
    return Observer({.writer_page = pool.control.fd.get(),
                     .payload = pool.payload.fd.get(),
                     .own_page = own_page,
                     .host_page = pool.host_file.fd.get(),
                     .reader_pages = {}},
                    place);
  };
  EXPECT_THROW(observe(pool.reader_files[0].fd.get(), 0), WireCorrupt);
  EXPECT_THROW(observe(pool.reader_files[ObservedPool::kPlace].fd.get(), 3), WireCorrupt);
  EXPECT_THROW(observe(-1, 2), std::system_error);
}

TEST(ObserverTest, WatchesAWriterAtFullSpeedWithoutATornFrame) {
  ObservedPool pool;
  constexpr std::uint64_t kFrames = 50'000;
  auto sut = pool.attach();
  std::atomic<bool> started{false};
  std::thread writer([&] {
    while (!started) std::this_thread::yield();
    while (pool.writer->head() < kFrames) {
      publish_next(*pool.writer);
      take_one(*pool.readers[0]);
      if (pool.writer->head() % 64 == 0) std::this_thread::yield();
    }
    pool.writer->end();
  });
  std::uint64_t seen = 0;
  started = true;
  while (!sut->ended()) {
    if (const auto frame = sut->newest()) {
      ASSERT_TRUE(is_intact(*frame, frame->header().sequence));
      ++seen;
    }
  }
  writer.join();
  EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace vcengine
