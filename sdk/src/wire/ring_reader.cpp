#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "vcengine/errors.hpp"
#include "wire/ring.hpp"

namespace vcengine::wire {

using enum std::memory_order;

namespace {

[[noreturn]] void corrupt(std::uint64_t sequence, std::string_view what) {
  throw WireCorrupt("wire corrupt at frame " + std::to_string(sequence) + ": " + std::string(what));
}

/// How often a reader tries again when a drop_oldest wire overran it, before it says `empty` and
/// lets its caller see to the host: a writer gone mad must not keep it here for ever.
constexpr int kTries = 1000;

constexpr std::uint32_t low_half(std::uint64_t sequence) {
  return static_cast<std::uint32_t>(sequence);
}

void check_size(const PayloadView& payload) {
  if (payload.bytes.size() / payload.stride >= payload.slots) return;
  throw WireCorrupt("payload: " + std::to_string(payload.bytes.size()) + " bytes are too few for " +
                    std::to_string(payload.slots) + " slots");
}

}  // namespace

RingReader::RingReader(ReaderPage& page, std::span<const std::byte> writer,
                       std::span<const std::byte> payload, const WireLine& line, Doorbell& doorbell,
                       std::shared_ptr<const void> memory)
    : RingReader(page, *reinterpret_cast<const WriterPage*>(writer.data()),
                 checked_writer_header(writer), payload, line, doorbell, std::move(memory)) {}

RingReader::RingReader(ReaderPage& page, const WriterPage& writer,
                       std::span<const std::byte> payload, const WireLine& line, Doorbell& doorbell,
                       std::shared_ptr<const void> memory)
    : RingReader(page, writer, writer.header, payload, line, doorbell, std::move(memory)) {}

RingReader::Pool::Pool(const WriterPage& writer, const WriterHeader& header,
                       std::span<const std::byte> bytes, std::shared_ptr<const void> kept)
    : page(&writer),
      first(header.first),
      ring_mask(header.ring_size - 1),
      payload{.origin = origin_of(header.pool, header.generation),
              .bytes = bytes,
              .slots = header.slots,
              .stride = header.stride},
      memory(std::move(kept)) {
  check_size(payload);
}

RingReader::RingReader(ReaderPage& page, const WriterPage& writer, const WriterHeader& header,
                       std::span<const std::byte> payload, const WireLine& line, Doorbell& doorbell,
                       std::shared_ptr<const void> memory)
    : page_(page),
      line_(line),
      doorbell_(doorbell),
      policy_(static_cast<Policy>(page.header.policy)),
      depth_(page.header.depth),
      pool_(writer, header, payload, std::move(memory)),
      next_(page.header.join),
      holds_(page.header.holds) {
  for (std::size_t k = 0; k < holds_.size(); ++k) holds_[k].index = k;
  take_over();
}

/// A frame is claimed before it is worked on: what was claimed and not completed is lost, whether
/// or not it had come to the block.
void RingReader::take_over() {
  for (std::size_t k = 0; k < holds_.size(); ++k) {
    if (page_.hold[k].load(relaxed) != 0) inherited_.push_back(k);
  }
  page_.waiting.store(0, release);
  const auto join = page_.header.join;
  const auto next = std::max(page_.next.load(acquire), page_.floor.load(acquire));
  if (next == join) return;
  const auto head = pool_.page->head.load(acquire);
  if (next < join || next > head + 1) {
    throw WireCorrupt("reader page: its predecessor left it at frame " + std::to_string(next) +
                      ", and the newest is " + std::to_string(head));
  }
  next_ = next;
  page_.next.store(next, release);
  std::uint64_t dropped = 0;
  for (const auto& word : page_.drops) dropped += word.load(relaxed);
  const auto taken = next - join - std::min(dropped, next - join);
  taken_ = std::min(taken, page_.completed.load(relaxed));
  unfinished_ = taken - taken_;
  if (policy_ != Policy::drop_oldest) move_floor(next);
}

std::optional<std::uint64_t> RingReader::unfinished() const noexcept {
  return unfinished_ == 1 ? std::optional(next_ - 1) : std::nullopt;
}

void RingReader::lose_unfinished() noexcept {
  count(DropReason::lost_in_crash, unfinished_);
  unfinished_ = 0;
}

void RingReader::complete_unfinished() noexcept {
  taken_ += unfinished_;
  unfinished_ = 0;
  complete();
}

/// Its entry is still there, for the writer waits for what comes behind it; its slot is, as long as
/// it is held. (A drop_oldest reader goes on with the newest instead.)
bool RingReader::can_take_again() const noexcept {
  return policy_ == Policy::wait && unfinished_ == 1 &&
         std::ranges::any_of(inherited_, [this](std::size_t k) {
           return page_.hold[k].load(relaxed) == next_ - 1;
         });
}

void RingReader::take_again() noexcept {
  unfinished_ = 0;
  takes_again_ = true;
  --next_;
  page_.next.store(next_, release);
}

void RingReader::take_newest_again() noexcept {
  if (policy_ != Policy::drop_oldest || taken_ == 0) return;
  --next_;
  --taken_;
  page_.next.store(next_, release);
}

void RingReader::let_go_inherited() noexcept {
  for (const auto k : inherited_) page_.hold[k].store(0, release);
  inherited_.clear();
  wake_writer();
}

void RingReader::succeed(std::span<const std::byte> writer, std::span<const std::byte> payload,
                         std::shared_ptr<const void> memory) {
  const auto header = checked_writer_header(writer);
  Pool next(*reinterpret_cast<const WriterPage*>(writer.data()), header, payload,
            std::move(memory));
  // A frame that was taken from behind its end would not be seen to be held there.
  if (next.payload.origin <= newest().payload.origin || next.first < newest().first ||
      next.first <= seen_head_) {
    throw WireCorrupt("writer page: its generation does not follow the one before");
  }
  successors_.push_back(std::move(next));
}

void RingReader::add_origin(const PayloadView& payload) {
  check_size(payload);
  origins_.push_back(payload);
}

const RingReader::Pool& RingReader::pool_of(std::uint64_t sequence) const noexcept {
  const auto after = std::ranges::find_if(
      successors_, [sequence](const Pool& pool) { return pool.first > sequence; });
  return after == successors_.begin() ? pool_ : *(after - 1);
}

/// Finds the next sequence to look at, counting what a drop_oldest wire overran.
RingReader::Status RingReader::locate(std::uint64_t& sequence) {
  for (;;) {
    const auto status = locate_in_pool(sequence);
    const bool all_taken = status == Status::empty || status == Status::ended;
    if (!all_taken || successors_.empty() || next_ < successors_.front().first) return status;
    go_on_to_successor();
  }
}

void RingReader::go_on_to_successor() {
  retired_.push_back(std::move(pool_));
  pool_ = std::move(successors_.front());
  successors_.erase(successors_.begin());
  let_go_retired();
}

void RingReader::let_go_retired() {
  auto oldest = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t k = 0; k < holds_.size(); ++k) {
    if (const auto held = page_.hold[k].load(acquire); held != 0) oldest = std::min(oldest, held);
  }
  const auto in_use = std::ranges::find_if(retired_, [&](const Pool& pool) {
    const auto* after = &pool + 1 == retired_.data() + retired_.size() ? &pool_ : &pool + 1;
    return after->first > oldest;
  });
  retired_.erase(retired_.begin(), in_use);
}

RingReader::Status RingReader::locate_in_pool(std::uint64_t& sequence) {
  // Comes over while the head does. (A reader that spins looks here again and again.)
  __builtin_prefetch(&pool_.page->ring()[next_ & pool_.ring_mask]);
  if (policy_ == Policy::wait && next_ <= seen_head_) {
    sequence = next_;
    return Status::frame;
  }
  // Before head: what a writer published before it died still counts.
  const bool writer_gone = line_.writer_gone.load(acquire) != 0;
  // valid_from before head: the writer raises valid_from to at most head + 1, so a larger one is a
  // lie.
  const auto& writer = *pool_.page;
  const auto valid_from = may_be_overrun() ? writer.valid_from.load(acquire) : 0;
  const auto head = writer.head.load(seq_cst);  // after announce_wait(), if that was called
  if (head < seen_head_) corrupt(head, "the head went back");
  if (head > kMaxSequence) corrupt(head, "no wire lives that long");
  if (!successors_.empty() && head >= successors_.front().first)
    corrupt(head, "published although a successor had begun");
  seen_head_ = head;
  if (may_be_overrun()) {
    if (valid_from > head + 1) corrupt(head, "the window starts after the head");
    const auto own_window = head + 1 > depth_ ? head + 1 - depth_ : 0;
    const auto from = std::max(valid_from, own_window);
    if (from > next_) {
      // `next` first: who dies in between has counted no frame twice.
      const auto passed = from - next_;
      next_ = from;
      page_.next.store(next_, release);
      count(DropReason::superseded, passed);
    }
  }
  sequence = next_;
  if (next_ <= head) return Status::frame;
  if (const auto end = writer.end.load(seq_cst); end != 0 && next_ >= end) {
    if (next_ > end) corrupt(next_, "the end is before what was published");
    return Status::ended;
  }
  return writer_gone ? Status::ended : Status::empty;
}

const PayloadView* RingReader::payload_of(const Pool& pool, std::uint64_t kind) const noexcept {
  if (kind == 0) return &pool.payload;
  const auto origin = std::ranges::find(origins_, kind, &PayloadView::origin);
  return origin == origins_.end() ? nullptr : &*origin;
}

/// Copies entry and descriptor once into locals and checks that they are of `sequence` and make
/// sense.
RingReader::Copy RingReader::copy(const Pool& pool, std::uint64_t sequence, Looked& looked) const {
  const auto overrun_or_corrupt = [&](std::string_view what) {
    // acquire on the tag makes this test sound: whoever saw the new tag sees the new valid_from.
    if (may_be_overrun() && pool.page->valid_from.load(acquire) > sequence) {
      return Copy::overrun;
    }
    corrupt(sequence, what);
  };

  const auto& line = pool.page->ring()[sequence & pool.ring_mask];
  const auto tag = line.tag.load(acquire);
  if (low_half(tag >> 32) != low_half(sequence)) return overrun_or_corrupt("another frame's entry");

  const auto size = line.size.load(acquire);
  const auto type = line.type.load(acquire);
  const auto shape = line.shape.load(acquire);
  const auto stamp = line.stamp.load(acquire);
  const auto born = line.born.load(acquire);
  const auto cause = line.cause.load(acquire);
  const auto kind = line.kind.load(acquire);
  if (line.tag.load(acquire) != tag)
    return overrun_or_corrupt("its entry changed while it was read");

  const auto* payload = payload_of(pool, kind);
  if (payload == nullptr) corrupt(sequence, "a payload of a pool that this wire does not know");
  const auto slot = low_half(tag) - 1;  // a tag of 0 becomes a slot that never exists
  if (slot >= payload->slots) corrupt(sequence, "slot " + std::to_string(slot) + " does not exist");
  if (size > payload->stride)
    corrupt(sequence, std::to_string(size) + " bytes do not fit its slot");
  constexpr auto kMaxTime = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (stamp > kMaxTime || born > kMaxTime) corrupt(sequence, "a time out of range");

  looked.origin = payload->origin;
  looked.slot = slot;
  looked.data = payload->bytes.data() + slot * payload->stride;
  looked.header = {.sequence = sequence,
                   .type = {static_cast<Family>(type >> 32), low_half(type)},
                   .size = size,
                   .shape = {low_half(shape >> 32), low_half(shape)},
                   .stamp = Stamp{static_cast<std::int64_t>(stamp)},
                   .born = Born{static_cast<std::int64_t>(born)},
                   .cause = cause};
  return Copy::good;
}

bool RingReader::glance() const noexcept {
  const auto tag = pool_.page->ring()[next_ & pool_.ring_mask].tag.load(acquire);
  if (tag == 0 || static_cast<std::int32_t>(low_half(tag >> 32) - low_half(next_)) < 0)
    return false;
  // Comes over while the head does. (A prefetch of what is not there does no harm.)
  __builtin_prefetch(pool_.payload.bytes.data() + (low_half(tag) - 1) * pool_.payload.stride);
  return true;
}

RingReader::Status RingReader::peek(FrameHeader& header) {
  for (int tries = 0; tries < kTries; ++tries) {
    std::uint64_t sequence = 0;
    if (const auto status = locate(sequence); status != Status::frame) return status;
    Looked looked{};
    if (copy(pool_, sequence, looked) == Copy::good) {
      header = looked.header;
      return Status::frame;
    }
  }
  return Status::empty;
}

RingReader::Status RingReader::peek_next(FrameHeader& header) {
  const bool writer_gone = line_.writer_gone.load(acquire) != 0;
  const auto sequence = next_ + 1;
  const auto& pool = pool_of(sequence);
  if (sequence <= pool.page->head.load(seq_cst)) {
    Looked looked{};
    if (copy(pool, sequence, looked) == Copy::overrun)
      return Status::empty;  // so is the frame before it
    header = looked.header;
    return Status::frame;
  }
  if (const auto end = pool.page->end.load(seq_cst); end != 0 && sequence >= end)
    return Status::ended;
  return writer_gone ? Status::ended : Status::empty;
}

RingReader::Status RingReader::take(FrameRef& frame) {
  for (int tries = 0; tries < kTries; ++tries) {
    std::uint64_t sequence = 0;
    if (const auto status = locate(sequence); status != Status::frame) return status;
    if (const auto status = take(frame, sequence); status != Status::gone) return status;
  }
  return Status::empty;
}

RingReader::Status RingReader::take(FrameRef& frame, std::uint64_t sequence) {
  if (!retired_.empty()) let_go_retired();
  const auto k = place_for(sequence);
  if (!k) return Status::too_many_held;
  auto& hold_word = page_.hold[*k];
  Looked looked{};

  if (may_be_overrun()) {
    hold_word.store(sequence, seq_cst);
    // Either the writer saw the hold, or we see that the frame left the window (invariant 4).
    if (pool_.page->valid_from.load(seq_cst) > sequence ||
        copy(pool_, sequence, looked) == Copy::overrun) {
      hold_word.store(0, release);
      return Status::gone;
    }
    next_ = sequence + 1;
    page_.next.store(next_, release);
    if (policy_ == Policy::wait_while_open) move_floor(next_);
  } else {
    hold_word.store(sequence, relaxed);
    next_ = sequence + 1;
    move_floor(next_);  // seq_cst: the hold is on the page before the claim
    takes_again_ = false;
    copy(pool_, sequence, looked);
    page_.next.store(next_, release);
  }

  page_.stamp.store(static_cast<std::uint64_t>(looked.header.stamp.count()), relaxed);
  page_.born.store(static_cast<std::uint64_t>(looked.header.born.count()), relaxed);
  ++taken_;
  auto& hold = holds_[*k];
  hold.header = looked.header;
  hold.payload = looked.data;
  hold.origin = looked.origin;
  hold.slot = looked.slot;
  hold.owner = shared_from_this();
  frame = FrameRef(hold);
  return Status::frame;
}

void RingReader::disown(DropReason reason) noexcept {
  count(reason, 1);
  if (taken_ > 0) --taken_;
}

void RingReader::skip(std::uint64_t sequence, DropReason reason) {
  next_ = sequence + 1;
  page_.next.store(next_, release);
  count(reason, 1);
  takes_again_ = false;
  if (policy_ != Policy::drop_oldest) move_floor(next_);
}

void RingReader::move_floor(std::uint64_t floor) noexcept {
  page_.floor.store(floor, seq_cst);
  wake_writer();
}

void RingReader::wake_writer() noexcept {
  if (newest().page->want.load(seq_cst) == 0) return;
  page_.release_bell.fetch_add(1,
                               seq_cst);  // releases may come from several threads of this process
  doorbell_.ring(page_.release_bell);
}

void RingReader::release_hold(std::size_t index) noexcept {
  // A writer waits for frames that are not taken; it has slots enough for all that are held.
  page_.hold[index].store(0, release);
  wake_writer();
}

std::int64_t RingReader::bound() const noexcept {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(
      std::min(newest().page->bound.load(seq_cst), static_cast<std::uint64_t>(kMax)));
}

std::uint32_t RingReader::announce_wait() noexcept {
  const auto seen = bell().load(seq_cst);
  page_.waiting.store(wait_ticket(seen), seq_cst);
  return seen;
}

void RingReader::retract_wait() noexcept { page_.waiting.store(0, release); }

std::optional<std::size_t> RingReader::free_hold() const noexcept {
  for (std::size_t k = 0; k < holds_.size(); ++k) {
    if (page_.hold[k].load(acquire) == 0) return k;
  }
  return std::nullopt;
}

/// A frame that is taken once more stays where it is held: a predecessor may have left no place.
std::optional<std::size_t> RingReader::place_for(std::uint64_t sequence) noexcept {
  if (!takes_again_) return free_hold();
  const auto place = std::ranges::find(
      inherited_, sequence, [this](std::size_t k) { return page_.hold[k].load(relaxed); });
  if (place == inherited_.end()) return free_hold();
  const auto k = *place;
  inherited_.erase(place);
  return k;
}

void RingReader::count(DropReason reason, std::uint64_t frames) noexcept {
  auto& word = page_.drops[static_cast<std::size_t>(reason)];
  word.store(word.load(relaxed) + frames, relaxed);
}

std::uint64_t RingReader::dropped(DropReason reason) const noexcept {
  return page_.drops[static_cast<std::size_t>(reason)].load(relaxed);
}

}  // namespace vcengine::wire
