#include "tests/step/roles.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "tests/step/stepped_process.hpp"

namespace vcengine::test {

using namespace wire;
using Status = RingReader::Status;

namespace {

constexpr auto kForever = std::chrono::steady_clock::time_point::max();
/// Nothing here takes as long: who sleeps longer was not woken.
constexpr std::chrono::seconds kPatience{10};
constexpr std::uint64_t kFramesMore = 50;
/// Sent before any reader joins: enough for each slot to have been used, so that a loan has to take
/// one back.
constexpr std::uint64_t kFramesBefore = 40;

Mapping map(const FileDescriptor& file, bool writable) {
  return Mapping(file.get(), writable ? wire::Access::read_write : wire::Access::read_only);
}

}  // namespace

PoolConfig PoolFiles::small_pool() {
  PoolConfig shape;
  shape.holds = 2;
  shape.observers = 0;
  shape.spare = 2;
  return shape;
}

PoolFiles::PoolFiles(const std::vector<ReaderSpec>& wanted, Coming comes, const PoolConfig& shape)
    : specs(wanted), coming(comes), config(TestPool::shaped(specs, shape)) {
  const auto wires = static_cast<std::uint32_t>(specs.size());
  const auto make = [](const char* name, std::size_t size, const auto& init) {
    auto file = create_segment(name, size);
    init(Mapping(file.get(), wire::Access::read_write).bytes());
    return file;
  };
  control = make("ring", writer_page_size(config.ring_size(), config.slots()),
                 [&](std::span<std::byte> bytes) { init_writer_page(bytes, config); });
  payload = create_segment("frames", config.slots() * config.stride());
  host = make("host", host_page_size(wires), [&](std::span<std::byte> bytes) {
    init_host_page(bytes, wires);
    auto& page = host_page(bytes);
    page.run_state.store(static_cast<std::uint32_t>(RunState::run));
    for (std::uint32_t i = 0; i < wires; ++i) {
      page.wire()[i].gate.store(specs[i].policy == Policy::drop_oldest ? 0 : 1);
      page.wire()[i].alive.store(1);
    }
  });
  const auto make_page = [&](std::uint32_t i) {
    return make("reader", sizeof(ReaderPage), [&](std::span<std::byte> bytes) {
      init_reader_page(bytes, {.wire = i,
                               .policy = specs[i].policy,
                               .depth = specs[i].depth,
                               .holds = std::max(config.holds, config.most_holds),
                               .join = config.first + kFramesBefore});
    });
  };
  const bool newcomer = coming.reader == Coming::Reader::newcomer;
  for (std::uint32_t i = 0; i < wires - (newcomer ? 1 : 0); ++i) pages.push_back(make_page(i));
  if (coming.reader != Coming::Reader::nobody) comers_page = make_page(newcomer ? wires - 1 : 0);
  if (newcomer) {
    const Mapping mapped(host.get(), wire::Access::read_write);
    auto& line = host_page(mapped.bytes()).wire()[wires - 1];
    line.gate.store(static_cast<std::uint32_t>(Gate::not_yet));
    line.alive.store(0);
  }
  answer = create_segment("answer", sizeof(Word64));
  if (!coming.generation) return;
  next_control = create_segment("ring", writer_page_size(config.ring_size(), config.slots()));
  next_payload = create_segment("frames", config.slots() * config.stride());
}

std::uint32_t Writing::loan_filled() {
  const auto slot = ring.try_loan();
  if (!slot)
    throw Violation("the writer starves: it has no slot for frame " +
                    std::to_string(ring.head() + 1));
  fill(ring.slot_data(*slot), ring.head() + 1);
  return *slot;
}

void Writing::publish_one() {
  const auto slot = loan_filled();
  ring.publish(slot, header_of(ring.head() + 1));
}

void Writing::scribble() {
  hoard();
  if (hoard_.size() < ring.max_loans()) {
    throw Violation("the writer starves: it can loan " + std::to_string(hoard_.size()) + " slots");
  }
  give_back_all();
}

std::uint64_t Writing::rung() const {
  std::uint64_t sum = 0;
  ring.visit_release_bells([&sum](const Word32& bell) { sum += bell.load(); });
  return sum;
}

void Writing::fall_asleep() {
  ring.want_space(true);
  const auto seen = rung();
  if (!ring.has_space()) asleep_on_ = seen;
}

void Writing::wake_up() {
  const auto slept_on = std::exchange(asleep_on_, std::nullopt);
  if (slept_on && ring.has_space() && rung() == *slept_on) {
    throw Violation("a writer sleeps on and nobody rang: a lost wake-up");
  }
  ring.want_space(false);
}

bool Writing::go_on_alone() {
  if (!ring.has_space()) {
    scribble();
    return false;
  }
  publish_one();
  return true;
}

void Writing::hoard() {
  while (const auto slot = ring.try_loan()) {
    hoard_.push_back(*slot);
    fill(ring.slot_data(*slot), ~ring.head());
  }
}

void Writing::give_back_all() {
  for (const auto slot : hoard_) ring.give_back(slot);
  hoard_.clear();
}

std::uint32_t Writing::loan_all() {
  std::uint32_t loans = 0;
  while (ring.try_loan()) ++loans;
  return loans;
}

Status Reading::take_one(std::size_t keep) {
  check_held();
  FrameHeader header;
  if (const auto status = ring->peek(header); status != Status::frame) return status;
  if (held.size() > keep) held.erase(held.begin(), held.end() - static_cast<long>(keep));
  FrameRef frame;
  const auto status = ring->take(frame);
  if (status == Status::too_many_held) throw Violation("a hold was lost: no place to note one");
  if (status != Status::frame) return status;
  check_taken(std::move(frame));
  check_held();
  return status;
}

bool Reading::is_waited_for() const {
  return policy == Policy::wait || (policy == Policy::wait_while_open &&
                                    line_.gate == static_cast<std::uint32_t>(Gate::open));
}

void Reading::check_taken(FrameRef frame) {
  const auto sequence = frame.header().sequence;
  if (sequence <= last || (is_waited_for() && sequence != last + 1)) {
    throw Violation("frame " + std::to_string(sequence) + " was taken after frame " +
                    std::to_string(last));
  }
  last = sequence;
  ++taken;
  held.push_back(std::move(frame));
  ring->complete();
}

void Reading::skip_one() {
  FrameHeader header;
  if (ring->peek(header) != Status::frame) throw Violation("there is no frame to skip");
  ring->skip(header.sequence, DropReason::unmatched);
  last = header.sequence;
  ++skipped;
}

void Reading::check_held() const {
  for (const auto& frame : held) {
    const auto sequence = frame.header().sequence;
    const auto stamp = static_cast<std::uint64_t>(frame.header().stamp.count());
    if (!sent_on_ && stamp != sequence) {
      throw Violation("frame " + std::to_string(sequence) + " has the header of another one");
    }
    if (!is_intact(frame, stamp)) {
      throw Violation("the payload of frame " + std::to_string(sequence) + " is torn");
    }
  }
}

void Reading::fall_asleep() {
  FrameHeader header;
  const auto seen = ring->announce_wait();
  if (ring->peek(header) == Status::empty) asleep_on_ = seen;
}

void Reading::wake_up() {
  FrameHeader header;
  const auto slept_on = std::exchange(asleep_on_, std::nullopt);
  if (slept_on && ring->peek(header) != Status::empty && ring->bell().load() == *slept_on) {
    throw Violation("a reader sleeps on and nobody rang: a lost wake-up");
  }
  ring->retract_wait();
}

bool Reading::has_read_all() {
  for (;;) {
    const auto status = take_one();
    if (status != Status::frame) return status == Status::ended;
  }
}

void Reading::inherit() { superseded_before_ = ring->dropped(DropReason::superseded); }

void Reading::take_again() {
  ring->take_again();
  --join;
  --last;
}

void Reading::check_accounts(std::uint64_t head) const {
  const auto superseded = ring->dropped(DropReason::superseded) - superseded_before_;
  const auto frames = head + 1 - join;
  if (taken + skipped + superseded == frames) return;
  throw Violation("of " + std::to_string(frames) + " frames " + std::to_string(taken) +
                  " were taken, " + std::to_string(skipped) + " skipped and " +
                  std::to_string(superseded) + " superseded");
}

Cast::Memory::Memory(const PoolFiles& files, Access access)
    : control(map(files.control, writes(access))),
      payload(map(files.payload, writes(access))),
      host(map(files.host, access == Access::host)),
      answer(map(files.answer, true)) {
  for (std::size_t i = 0; i < files.pages.size(); ++i) {
    const bool own = access == Access::first_reader && i == 0;
    pages.push_back(map(files.pages[i], own || access == Access::host));
  }
  if (files.comers_page) comers_page = map(files.comers_page, access == Access::host);
}

Cast::Cast(const PoolFiles& all, Access access)
    : files(all),
      readers(all.pages.size()),
      access_(access),
      has_next_(all.coming.generation),
      memory_(std::make_shared<Memory>(all, access)),
      waiter_(host(), FileDescriptor(), nullptr, kPatience) {}

void Cast::play_writer() {
  start_writer();
  for (std::uint64_t i = 0; i < kFramesBefore; ++i) writer->publish_one();
}

void Cast::start_writer() {
  std::vector<RingWriter::Reader> pages;
  for (std::size_t i = 0; i < readers.size(); ++i) pages.push_back({&reader_page(i), &line(i)});
  writer = std::make_unique<Writing>(writer_page(), memory_->payload.bytes(), pages, doorbell_);
}

void Cast::take_over_writer() {
  const auto& page = writer_page();
  const auto head = page.head.load();
  const auto bound = static_cast<std::int64_t>(page.bound.load());
  start_writer();
  if (writer->ring.head() != head || writer->ring.bound() != bound) {
    throw Violation("a writer's successor goes on behind frame " +
                    std::to_string(writer->ring.head()) + " and not " + std::to_string(head));
  }
}

void Cast::play_reader(std::size_t reader) {
  start_reader(reader, reader_page(reader).header.join);
}

void Cast::take_over_reader(std::size_t reader, Unfinished unfinished) {
  const auto& page = reader_page(reader);
  const auto from = std::max(page.floor.load(), page.next.load());
  const auto lost_before = page.drops[static_cast<std::size_t>(DropReason::lost_in_crash)].load();
  const auto not_completed = from - page.next.load() +
                             static_cast<std::uint64_t>(taken_by_page(reader)) -
                             page.completed.load();
  start_reader(reader, from);
  readers[reader]->inherit();
  if (const auto next = page.next.load(); next != from) {
    throw Violation("frame " + std::to_string(next) + " comes next, and not " +
                    std::to_string(from) + ": one that is dead took or skipped what is before");
  }
  auto& ring = *readers[reader]->ring;
  if (unfinished == Unfinished::taken_again && ring.can_take_again()) {
    readers[reader]->take_again();
    return;
  }
  ring.lose_unfinished();
  const auto lost = ring.dropped(DropReason::lost_in_crash) - lost_before;
  if (lost == not_completed) return;
  throw Violation("of " + std::to_string(not_completed) +
                  " frames that were not worked on to the end " + std::to_string(lost) +
                  " are counted as lost");
}

/// `from` is the frame that it begins with.
void Cast::start_reader(std::size_t reader, std::uint64_t from) {
  auto generations = retired_;
  generations.push_back(memory_);
  const auto begins_before = [from](const auto& generation) {
    return wire::writer_page(generation->control.bytes()).header.first <= from;
  };
  while (!begins_before(generations.back())) generations.pop_back();
  const auto first = generations.size() - 1;
  generations = retired_;
  generations.push_back(memory_);
  auto ring = std::make_shared<RingReader>(
      reader_page(reader), std::span<const std::byte>(generations[first]->control.bytes()),
      generations[first]->payload.bytes(), line(reader), doorbell_, generations[first]);
  for (auto i = first + 1; i < generations.size(); ++i) {
    ring->succeed(generations[i]->control.bytes(), generations[i]->payload.bytes(), generations[i]);
  }
  readers[reader] =
      std::make_unique<Reading>(std::move(ring), files.specs[reader].policy, line(reader), from);
}

std::uint64_t Cast::join_of_successor(std::size_t reader) const {
  const auto& spec = files.specs[reader];
  const auto& dead = reader_page(reader);
  if (spec.policy == Policy::drop_oldest) {
    const auto head = writer_page().head.load();
    return std::max(writer_page().valid_from.load(),
                    head + 1 - std::min<std::uint64_t>(head, spec.depth));
  }
  ReaderConfig successor;
  successor.succeed(dead);
  if (successor.join >= dead.next.load()) return successor.join;
  throw Violation("frame " + std::to_string(successor.join) +
                  " comes again, though a reader that is dead took or skipped it");
}

void Cast::play_successor(std::size_t reader) {
  const auto join = join_of_successor(reader);
  const auto& spec = files.specs[reader];
  auto page = Mapping::anonymous(sizeof(ReaderPage));
  init_reader_page(page.bytes(), {.wire = static_cast<std::uint32_t>(reader),
                                  .policy = spec.policy,
                                  .depth = spec.depth,
                                  .holds = std::max(files.config.holds, files.config.most_holds),
                                  .join = join});
  writer->ring.replace_reader(reader, {&wire::reader_page(page.bytes()), &line(reader)});
  memory_->pages[reader] = std::move(page);
  line(reader).alive.store(1);
  play_reader(reader);
}

void Cast::play_next_writer() {
  map_next();
  make_next();
  go_over();
  start_writer();
}

void Cast::map_next() {
  next_ = std::make_shared<Memory>(files, access_);
  if (has_next_) {
    next_->control = map(files.next_control, writes(access_));
    next_->payload = map(files.next_payload, writes(access_));
  } else {
    next_->control =
        Mapping::anonymous(writer_page_size(files.config.ring_size(), files.config.slots()));
    next_->payload = Mapping::anonymous(files.config.slots() * files.config.stride());
  }
  if (is_in_) put_in_place(*next_);
}

void Cast::make_next() {
  auto config = files.config;
  config.succeed(writer_page());
  init_writer_page(next_->control.bytes(), config);
}

void Cast::write_next() {
  memory_.swap(next_);
  start_writer();
}

void Cast::go_over() {
  memory_.swap(next_);
  retired_.push_back(std::move(next_));  // readers look at their pages there
  has_next_ = false;
  for (const auto& reader : readers) {
    if (reader) reader->ring->succeed(memory_->control.bytes(), memory_->payload.bytes(), memory_);
  }
}

std::size_t Cast::comers_wire() const {
  return files.coming.reader == Coming::Reader::newcomer ? files.specs.size() - 1 : 0;
}

RingWriter::Reader Cast::comer() const {
  return {&wire::reader_page(memory_->comers_page.bytes()), &line(comers_wire())};
}

void Cast::put_in_place(Memory& memory) const {
  const auto wire = comers_wire();
  if (wire == memory.pages.size()) memory.pages.emplace_back();
  memory.buried = std::exchange(memory.pages[wire], std::move(memory.comers_page));
}

void Cast::bury_first_reader() {
  const auto& dead = reader_page(0);
  auto& page = wire::reader_page(memory_->comers_page.bytes());
  ReaderConfig successor;
  successor.succeed(dead);
  page.header.join = successor.join;
  page.floor.store(page.header.join);
  page.next.store(page.header.join);
  buried_ = std::move(readers[0]);
  line(0).alive.store(0);
}

void Cast::let_in(std::uint64_t join) {
  const auto wire = comers_wire();
  if (files.coming.reader == Coming::Reader::newcomer) {
    auto& page = wire::reader_page(memory_->comers_page.bytes());
    page.header.join = join;
    page.floor.store(join);
    page.next.store(join);
    readers.emplace_back();
    if (files.specs[wire].policy != Policy::drop_oldest) {
      line(wire).gate.store(static_cast<std::uint32_t>(Gate::open));
    }
  }
  put_in_place(*memory_);
  is_in_ = true;
  line(wire).alive.store(1);
  play_reader(wire);
}

PayloadView Cast::payload() const {
  return {.origin = origin_of(files.config.pool, writer_page().header.generation),
          .bytes = memory_->payload.bytes(),
          .slots = files.config.slots(),
          .stride = files.config.stride()};
}

std::int64_t Cast::taken_by_page(std::size_t reader) const {
  const auto& page = reader_page(reader);
  auto taken = static_cast<std::int64_t>(page.next.load() - page.header.join);
  for (const auto& drops : page.drops) taken -= static_cast<std::int64_t>(drops.load());
  return taken;
}

void Cast::check_slots() {
  std::uint32_t window = 1;
  for (const auto& spec : files.specs) {
    if (spec.policy != Policy::wait) window = std::max(window, spec.depth);
  }
  const auto slots = files.config.slots();
  const auto loaned = writer->loan_all();
  if (loaned == slots - window) return;
  throw Violation("of " + std::to_string(slots) + " slots " + std::to_string(loaned) +
                  " can be loaned when all but " + std::to_string(window) + " should");
}

void Cast::let_go_of_reader(std::size_t reader) {
  line(reader).gate.store(static_cast<std::uint32_t>(Gate::closed));
  ring_host_bell();
}

void Cast::ring_host_bell() {
  host().bell.fetch_add(1);
  futex_wake(host().bell);
}

void Cast::check_sleeps() const {
  if (waiter_.timeouts() > 0) throw Violation("nobody woke a sleeper: a lost wake-up");
}

bool Cast::go_on_alone() {
  bool moved = writer && writer->go_on_alone();
  for (const auto& reader : readers) {
    if (reader && reader->take_one(1) == Status::frame) moved = true;
  }
  return moved;
}

void Cast::finish() {
  if (writer && writer_page().end.load() == 0) {
    for (std::uint64_t i = 0; i < kFramesMore; ++i) {
      // In one thread with its readers: nobody else would make the space.
      for (const auto& reader : readers) {
        if (reader) reader->has_read_all();
      }
      const auto has_space = [this] { return writer->ring.has_space(); };
      while (!has_space()) {
        waiter_.wait_for_space(writer->ring, has_space);
        check_sleeps();
      }
      writer->publish_one();
    }
    writer->ring.end();
  }
  read_to_end();
  for (const auto& reader : readers) {
    if (!reader) continue;
    reader->held.clear();
    reader->check_accounts(writer_page().head.load());
  }
}

void Cast::read_to_end() {
  std::vector<std::shared_ptr<RingReader>> wires;
  for (const auto& reader : readers) {
    if (reader) wires.push_back(reader->ring);
  }
  FrameHeader header;
  const auto any_ready = [&] {
    return std::ranges::any_of(wires,
                               [&](auto& wire) { return wire->peek(header) != Status::empty; });
  };
  for (;;) {
    bool all = true;
    for (const auto& reader : readers) all = (!reader || reader->has_read_all()) && all;
    if (all) return;
    waiter_.wait_for_frames(wires, any_ready, kForever);
    check_sleeps();
  }
}

}  // namespace vcengine::test
