// A writer some of whose readers write what they like over their pages: it never lends a slot twice
// at once, nor one that does not exist, nor one that a reader which keeps to the rules has yet to
// read.
#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "tests/fuzz/pages.hpp"
#include "vcengine/errors.hpp"

namespace vcengine::fuzz {
namespace {

using namespace wire;
using Status = RingReader::Status;

/// A frame's bytes begin with this and tell whose they are.
struct Mark {
  std::uint64_t pool, number;
  friend bool operator==(const Mark&, const Mark&) = default;
};

FrameHeader header_of(const Mark& mark) {
  FrameHeader header;
  header.type = {Family::bytes, 0};
  header.size = sizeof mark;
  header.stamp = Stamp{static_cast<std::int64_t>(mark.number)};
  return header;
}

Mark mark_of(const FrameRef& frame) {
  Mark mark{};
  std::memcpy(&mark, frame.payload().data(), std::min(sizeof mark, frame.payload().size()));
  return mark;
}

/// A reader's page and the host's line for it. The host does not lie.
struct Seat {
  Seat(const ReaderConfig& config, bool alive)
      : page_bytes(sizeof(ReaderPage)), line_bytes(sizeof(WireLine)) {
    init_reader_page(page_bytes.bytes(), config);
    line().gate.store(config.policy == Policy::wait && alive ? 1 : 0);
    line().alive.store(alive ? 1 : 0);
  }
  WireLine& line() const { return *reinterpret_cast<WireLine*>(line_bytes.bytes().data()); }
  ReaderPage& page() const { return *reinterpret_cast<ReaderPage*>(page_bytes.bytes().data()); }
  RingWriter::Reader reader() const { return {&page(), &line()}; }

  PageBytes page_bytes, line_bytes;
};

/// Hostile readers write also when they are woken: in the middle of a publish().
class WritingDoorbell final : public Doorbell {
 public:
  WritingDoorbell(Input& input, const std::deque<Seat>& seats) : input_(input), seats_(seats) {}
  void ring(const Word32&) noexcept override {
    if (seats_.size() > 1)
      scribble(input_, seats_[1 + input_.below(seats_.size() - 1)].page_bytes.bytes());
  }

 private:
  Input& input_;
  const std::deque<Seat>& seats_;
};

/// A pool, its writer, and its first reader, which keeps to the rules.
struct Pool {
  Pool(std::uint64_t number, const PoolConfig& wanted, const std::vector<ReaderConfig>& readers,
       Input& input)
      : config(wanted),
        page_bytes(writer_page_size(config.ring_size(), config.slots())),
        payload(config.slots() * config.stride()),
        doorbell(input, seats),
        pool(number) {
    init_writer_page(page_bytes.bytes(), config);
    std::vector<RingWriter::Reader> pages;
    for (const auto& read_by : readers) pages.push_back(seats.emplace_back(read_by, true).reader());
    writer = std::make_unique<RingWriter>(writer_page(page_bytes.bytes()), payload.bytes(), pages,
                                          doorbell);
    reader = std::make_shared<RingReader>(seats.front().page(), page_bytes.bytes(), payload.bytes(),
                                          seats.front().line(), doorbell);
  }

  std::optional<std::uint32_t> loan() {
    const auto slot = writer->try_loan();
    if (!slot) return slot;
    require(*slot < config.slots(), "a slot that is lent exists");
    require(loaned.insert(*slot).second, "a slot is lent to one at a time");
    std::memset(writer->slot_data(*slot), 0xee,
                config.stride());  // whoever reads it still would see
    return slot;
  }

  void publish(std::uint32_t slot) {
    loaned.erase(slot);
    const Mark mark{pool, writer->head() + 1};
    std::memcpy(writer->slot_data(slot), &mark, sizeof mark);
    writer->publish(slot, header_of(mark));
  }

  const PoolConfig config;
  PageBytes page_bytes, payload;
  std::deque<Seat> seats;
  WritingDoorbell doorbell;
  const std::uint64_t pool;
  std::set<std::uint32_t> loaned;
  bool ended = false;
  std::unique_ptr<RingWriter> writer;
  std::shared_ptr<RingReader> reader;
};

class Trial {
 public:
  explicit Trial(Input& input) : input_(input) {
    const auto shape = [&](std::uint64_t pool) {
      return PoolConfig{.pool = pool,
                        .loans = static_cast<std::uint32_t>(1 + input_.below(2)),
                        .depth = static_cast<std::uint32_t>(1 + input_.below(3)),
                        .readers = 2,
                        .holds = 2,
                        .observers = 1,
                        .spare = static_cast<std::uint32_t>(input_.below(3))};
    };
    auto read_by_forwarder = shape(1);
    read_by_forwarder.more_holds = kForwarded;
    read_by_forwarder.most_holds = read_by_forwarder.holds + kForwarded;
    from_ = make_pool(read_by_forwarder);
    to_ = make_pool(shape(2));
    const auto origin = origin_of(1, 1);
    to_->writer->allow_forwarding({.origins = {origin}, .frames = kForwarded});
    to_->reader->add_origin({.origin = origin,
                             .bytes = from_->payload.bytes(),
                             .slots = from_->config.slots(),
                             .stride = from_->config.stride()});
  }

  void run() {
    for (int i = 0; i < 4000 && !input_.empty(); ++i) {
      auto& pool = input_.below(4) == 0 ? *from_ : *to_;
      switch (input_.below(4)) {
        case 0:
          hostile_reader(pool);
          break;
        case 1:
          honest_reader(pool);
          break;
        default:
          writer(pool);
      }
      for (const auto& [frame, mark] : held_)
        require(mark_of(frame) == mark, "a frame that is held stays as it was published");
    }
  }

 private:
  static constexpr std::uint32_t kForwarded = 2;

  std::unique_ptr<Pool> make_pool(const PoolConfig& config) {
    std::vector<ReaderConfig> readers(2);
    for (auto& reader : readers) {
      reader.policy = input_.flag() ? Policy::wait : Policy::drop_oldest;
      reader.depth = static_cast<std::uint32_t>(1 + input_.below(config.depth));
      reader.holds = std::max(config.holds, config.most_holds);
    }
    // The second one is as bad as its page: it does not hold more than its pool was made for.
    readers[1].holds = config.holds;
    return std::make_unique<Pool>(config.pool, config, readers, input_);
  }

  void hostile_reader(Pool& pool) {
    auto& seat = pool.seats[1 + input_.below(pool.seats.size() - 1)];
    auto& page = seat.page();
    const auto head = pool.writer->head();
    switch (input_.below(6)) {
      case 0:
        return page.floor.store(input_.word(head));
      case 1:
        return page.hold[input_.below(4)].store(input_.word(head));
      case 2:
        return page.waiting.store(input_.take<std::uint8_t>());
      case 3:
        return scribble(input_, seat.page_bytes.bytes());
      case 4:  // the host's word
        seat.line().alive.store(input_.flag() ? 1 : 0);
        return seat.line().deeper.store(static_cast<std::uint32_t>(input_.below(4)));
      default:
        return seat.line().gate.store(static_cast<std::uint32_t>(input_.below(3)));
    }
  }

  void honest_reader(Pool& pool) {
    if (input_.flag()) {
      if (!held_.empty())
        held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(input_.below(held_.size())));
      return;
    }
    FrameRef frame;
    if (pool.reader->take(frame) != Status::frame) return;
    const auto mark = mark_of(frame);
    require(mark.number == static_cast<std::uint64_t>(frame.header().stamp.count()) &&
                (mark.pool == pool.pool || mark.pool == from_->pool),
            "a frame that is taken is what was published");
    held_.push_back({std::move(frame), mark});
  }

  void writer(Pool& pool) {
    auto& writer = *pool.writer;
    switch (input_.below(10)) {
      case 0:
      case 1:
      case 2:
        return make(pool);
      case 3:
        pool.loan();
        return;
      case 4:
        if (pool.loaned.empty()) return;
        writer.give_back(*pool.loaned.begin());
        pool.loaned.erase(pool.loaned.begin());
        return;
      case 5:
        if (&pool == to_.get()) forward();
        return;
      case 6:
        writer.advance_bound(static_cast<std::int64_t>(input_.word(writer.head())), input_.flag());
        return writer.want_space(input_.flag());
      case 7:
        writer.visit_release_bells([](const Word32& bell) { bell.load(); });
        require(writer.usual_slots() <= pool.config.slots(),
                "no more slots are usual than there are");
        return;
      case 8:
        if (pool.seats.size() < 6) come(pool, input_.flag());
        return;
      default:
        if (input_.below(64) != 0) return;
        pool.ended = true;
        writer.end();
    }
  }

  void make(Pool& pool) {
    if (pool.ended || pool.loaned.size() >= pool.writer->max_loans()) return;
    if (!pool.writer->has_space()) return;
    const auto slot = pool.loan();
    require(slot.has_value() || changed_readers_, "a writer that has space has a slot");
    if (slot) pool.publish(*slot);
  }

  /// One that joins, or the successor of the bad one. Its page is checked, then overwritten, then
  /// used.
  void come(Pool& pool, bool joins) {
    const auto policy = input_.flag() ? Policy::wait : Policy::drop_oldest;
    const ReaderConfig config{.policy = policy,
                              .depth = static_cast<std::uint32_t>(1 + input_.below(4)),
                              .holds = static_cast<std::uint32_t>(1 + input_.below(4)),
                              .join = pool.writer->head() + 1};
    auto& seat = pool.seats.emplace_back(config, true);
    if (input_.flag()) scribble(input_, seat.page_bytes.bytes().first(sizeof(ReaderPage::Header)));
    changed_readers_ = true;
    try {
      if (joins) {
        const auto join = pool.writer->add_reader(seat.reader());
        require(join >= 1 && join <= pool.writer->head() + 1,
                "who joins begins with what is there");
      } else {
        pool.writer->replace_reader(1, seat.reader());
      }
    } catch (const WireCorrupt&) {
      // Refused; the others go on.
    }
  }

  void forward() {
    if (held_.empty()) return;
    const auto at = held_.begin() + static_cast<std::ptrdiff_t>(input_.below(held_.size()));
    auto& writer = *to_->writer;
    if (to_->ended || at->mark.pool != from_->pool || !writer.has_space() ||
        !writer.may_forward(at->frame))
      return;
    const auto header = at->frame.header();
    if (input_.flag()) {
      writer.forward(at->frame, header);
    } else {
      auto frame = std::move(at->frame);
      held_.erase(at);
      writer.forward(std::move(frame), header);
    }
  }

  struct Held {
    FrameRef frame;
    Mark mark;
  };

  Input& input_;
  std::unique_ptr<Pool> from_, to_;  // the second sends frames of the first on
  std::vector<Held> held_;
  bool changed_readers_ = false;
};

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vcengine::fuzz::Input input(data, size);
  vcengine::fuzz::Trial(input).run();
  return 0;
}
