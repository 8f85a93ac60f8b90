#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "vcengine/errors.hpp"
#include "wire/ring.hpp"

namespace vcengine::wire {

using enum std::memory_order;

namespace {

/// Asking who still needs a frame costs two cache lines of each reader. So small slots are used in
/// turns and asked for together; large ones are asked for each time, for the one that was let go
/// last is still in the cache.
std::uint32_t turns_of(const WriterHeader& header) {
  constexpr std::uint32_t kManySmall = 16;
  if (header.stride > kLargeFrame) return 0;
  return std::min(header.slots, header.depth + kManySmall);
}

}  // namespace

RingWriter::RingWriter(WriterPage& page, std::span<std::byte> payload,
                       const std::vector<Reader>& readers, Doorbell& doorbell)
    : page_(page),
      payload_(payload),
      doorbell_(doorbell),
      stride_(page.header.stride),
      first_(page.header.first),
      spare_(page.header.spare),
      ring_mask_(page.header.ring_size - 1),
      head_(page.header.first - 1),
      valid_from_(page.header.first),
      bell_(page.bell.load(relaxed)),
      bound_(page.bound.load(relaxed)),
      published_(page.header.slots),
      in_turns_(turns_of(page.header)),
      slots_(page.header.slots),
      max_loans_(page.header.loans) {
  if (payload.size() < slots_ * stride_) {
    throw WireCorrupt("payload: " + std::to_string(payload.size()) + " bytes are too few for " +
                      std::to_string(slots_) + " slots");
  }
  if (readers.size() > page.header.readers) {
    throw WireCorrupt("writer page: its pool was made for " + std::to_string(page.header.readers) +
                      " readers, not " + std::to_string(readers.size()));
  }
  for (const auto& reader : readers) {
    readers_.push_back(checked_reader(reader));
    widen_window(readers_.back());
  }
  free_.reserve(slots_);
  held_over_.reserve(slots_);
  std::size_t holds = 0;
  for (const auto& reader : readers_) holds += reader.holds;
  held_.reserve(holds);
  take_over();
}

/// A frame that was written and not published has no reader. Its slot is free again and says so,
/// for its sequence is given to the next one, which may come into another slot.
void RingWriter::take_over() {
  const auto head = page_.head.load(acquire);
  const auto valid_from = page_.valid_from.load(acquire);
  if (head + 1 < first_ || head > kMaxSequence || valid_from < first_ || valid_from > head + 1) {
    throw WireCorrupt("writer page: its predecessor left it with frames " +
                      std::to_string(valid_from) + " to " + std::to_string(head));
  }
  head_ = head;
  valid_from_ = valid_from;
  if (head_ >= first_) inherited_until_ = head_;
  page_.want.store(0, relaxed);
  const std::span content(page_.content(), slots_);
  untouched_ = slots_;
  while (untouched_ > 0 && content[untouched_ - 1].load(relaxed) == 0) --untouched_;
  std::vector<Published> published;
  for (std::uint32_t slot = 0; slot < untouched_; ++slot) {
    const auto sequence = content[slot].load(relaxed);
    if (sequence >= first_ && sequence <= head_) {
      published.push_back({sequence, slot});
    } else {
      if (sequence > head_) page_.content()[slot].store(0, relaxed);
      free_.push_back(slot);
    }
  }
  std::ranges::sort(published, {}, &Published::sequence);
  if (std::ranges::adjacent_find(published, {}, &Published::sequence) != published.end()) {
    throw WireCorrupt("writer page: its predecessor left one frame in two slots");
  }
  for (const auto& one : published) published_.push_back(one);
}

bool RingWriter::has_ended() const noexcept { return page_.end.load(relaxed) != 0; }

bool RingWriter::inherited_in_use() noexcept {
  if (inherited_until_ == 0) return false;
  look_at_pins();
  const auto is_theirs = [this](std::uint64_t held) { return held <= inherited_until_; };
  if (not_taken_ <= inherited_until_ || std::ranges::any_of(held_, is_theirs)) return true;
  inherited_until_ = 0;
  return false;
}

const RingLine* RingWriter::last_entry() const noexcept {
  return head_ < first_ ? nullptr : &page_.ring()[head_ & ring_mask_];
}

std::optional<Stamp> RingWriter::last_stamp() const noexcept {
  const auto* entry = last_entry();
  if (entry == nullptr) return std::nullopt;
  return Stamp{static_cast<std::int64_t>(entry->stamp.load(relaxed))};
}

std::optional<Stamp> RingWriter::last_step() const noexcept {
  if (head_ <= first_) return std::nullopt;
  const auto& before = page_.ring()[(head_ - 1) & ring_mask_];
  if (before.tag.load(relaxed) >> 32 != ((head_ - 1) & 0xffffffffU)) return std::nullopt;
  return *last_stamp() - Stamp{static_cast<std::int64_t>(before.stamp.load(relaxed))};
}

std::optional<std::uint64_t> RingWriter::last_cause() const noexcept {
  const auto* entry = last_entry();
  return entry == nullptr ? std::nullopt : std::optional(entry->cause.load(relaxed));
}

RingWriter::~RingWriter() {
  for (auto& forwarded : forwarded_) forwarded.frame.abandon();
}

RingWriter::ReaderState RingWriter::checked_reader(const Reader& reader) const {
  const auto header = copy_once(reader.page->header);
  if (header.depth > page_.header.depth || header.holds > page_.header.holds) {
    throw WireCorrupt("reader page: deeper, or with more holds, than its pool was made for");
  }
  return {reader.page, reader.line, static_cast<Policy>(header.policy), header.depth, header.holds};
}

void RingWriter::widen_window(const ReaderState& reader) noexcept {
  if (reader.policy != Policy::wait) window_ = std::max(window_, reader.depth);
}

std::uint64_t RingWriter::add_reader(const Reader& reader) {
  if (readers_.size() >= page_.header.readers) {
    throw WireCorrupt("writer page: its pool was made for " + std::to_string(page_.header.readers) +
                      " readers, and one more comes");
  }
  auto state = checked_reader(reader);
  widen_window(state);
  auto join = head_ + 1;
  if (state.policy != Policy::drop_oldest) {
    state.join_at = join;
  } else {
    join = std::max(valid_from_, join - std::min<std::uint64_t>(join - 1, state.depth));
  }
  readers_.push_back(state);
  return join;
}

void RingWriter::replace_reader(std::size_t index, const Reader& reader) {
  auto state = checked_reader(reader);
  widen_window(state);
  readers_.at(index) = state;
}

std::uint32_t RingWriter::usual_slots() const noexcept {
  const auto working = std::ranges::count_if(
      readers_, [](const auto& reader) { return reader.line->alive.load(acquire) != 0; });
  constexpr std::uint32_t kUsuallyWaiting = 2;  // a queue that is deeper is not full as a rule
  return std::min(slots_, 1 + std::min(page_.header.depth, kUsuallyWaiting) +
                              static_cast<std::uint32_t>(working));
}

std::optional<std::uint32_t> RingWriter::try_loan() {
  const auto fresh = fresh_slot();
  if (fresh) {
    ++untouched_;
    return fresh;
  }
  if (free_.empty()) return std::nullopt;
  const auto slot = free_.back();
  free_.pop_back();
  return slot;
}

std::optional<std::uint32_t> RingWriter::fresh_slot() {
  const bool each_time = in_turns_ == 0;
  if (each_time || (free_.empty() && untouched_ >= in_turns_)) reclaim();
  if (!free_.empty() || untouched_ >= slots_) return std::nullopt;
  return untouched_;
}

void RingWriter::give_back(std::uint32_t slot) noexcept { free_.push_back(slot); }  // reserved

void RingWriter::reclaim() {
  look_at_pins();
  const auto free = [this](const Published& published) {
    if (pinned(published.sequence)) return false;
    free_.push_back(published.slot);
    return true;
  };
  std::erase_if(held_over_, free);
  while (!published_.empty() && published_.front().sequence < not_taken_) {
    if (!free(published_.front())) held_over_.push_back(published_.front());
    published_.pop_front();
  }
}

std::uint64_t RingWriter::floor_of(ReaderState& reader, std::uint64_t enough) noexcept {
  constexpr auto kNobodyWaits = std::numeric_limits<std::uint64_t>::max();
  if (reader.policy == Policy::drop_oldest) return kNobodyWaits;
  if (reader.floor >= enough) return reader.floor;
  const auto gate = static_cast<Gate>(reader.line->gate.load(acquire));
  if (gate == Gate::not_yet && reader.join_at != 0) return reader.join_at;
  if (gate != Gate::open) return kNobodyWaits;
  reader.floor = std::max(reader.floor, reader.page->floor.load(seq_cst));
  return reader.floor;
}

/// Floors before holds: a lossless reader records its hold, then moves its floor. And the window
/// before the holds (invariant 4, our side): after this either we see a drop_oldest reader's hold,
/// or it sees that its frame left the window. Publishing alone needs no such order; it would cost
/// each frame.
void RingWriter::look_at_pins() {
  if (announced_ != valid_from_) {
    announced_ = valid_from_;
    page_.valid_from.store(valid_from_, seq_cst);
  }
  not_taken_ = valid_from_;
  for (auto& reader : readers_) not_taken_ = std::min(not_taken_, floor_of(reader, valid_from_));
  held_.clear();
  for (const auto& reader : readers_) {
    if (reader.line->alive.load(seq_cst) == 0) continue;
    for (std::uint32_t k = 0; k < reader.holds; ++k) {
      if (const auto held = reader.page->hold[k].load(seq_cst); held != 0) held_.push_back(held);
    }
  }
}

bool RingWriter::pinned(std::uint64_t sequence) const noexcept {
  return sequence >= not_taken_ || std::ranges::find(held_, sequence) != held_.end();
}

bool RingWriter::has_space() noexcept {
  return std::ranges::all_of(readers_, [this](ReaderState& reader) {
    // What must be taken before the next one comes.
    const auto oldest_behind = [&](std::uint64_t depth) {
      return head_ + 2 > depth ? head_ + 2 - depth : 0;
    };
    const auto enough = oldest_behind(reader.depth);
    const auto floor = floor_of(reader, enough);
    if (floor >= enough) return true;
    return floor >=
           oldest_behind(reader.depth + std::min(reader.line->deeper.load(acquire), spare_));
  });
}

std::uint64_t RingWriter::publish(std::uint32_t slot, const FrameHeader& header) {
  published_.push_back({head_ + 1, slot});
  page_.content()[slot].store(head_ + 1, relaxed);
  return publish(0, slot, header);
}

void RingWriter::allow_forwarding(Forwarding forwarding) {
  forwarding_ = std::move(forwarding);
  forwarded_.reserve(forwarding_.frames);
}

bool RingWriter::may_forward(const FrameRef& frame) {
  if (std::ranges::find(forwarding_.origins, frame.hold().origin) == forwarding_.origins.end())
    return false;
  if (forwarded_.size() >= forwarding_.frames) let_go_forwarded();
  return forwarded_.size() < forwarding_.frames;
}

std::uint64_t RingWriter::forward(FrameRef frame, const FrameHeader& header) {
  const auto& hold = frame.hold();
  const auto origin = hold.origin;
  const auto slot = hold.slot;
  // On our list before anybody can see the entry. (A death in between keeps the hold on its page.)
  forwarded_.push_back({head_ + 1, std::move(frame)});
  const auto sequence = publish(origin, slot, header);
  let_go_forwarded();
  return sequence;
}

void RingWriter::let_go_forwarded() {
  look_at_pins();
  std::erase_if(forwarded_, [this](const Forwarded& kept) { return !pinned(kept.sequence); });
}

std::uint64_t RingWriter::publish(std::uint64_t origin, std::uint32_t slot,
                                  const FrameHeader& header) {
  const auto sequence = head_ + 1;
  auto& line = page_.ring()[sequence & ring_mask_];

  if (sequence + 1 > first_ + window_ && sequence + 1 - window_ > valid_from_) {
    valid_from_ = sequence + 1 - window_;
    page_.valid_from.store(valid_from_, release);
  }
  // A reader that copies this line meanwhile finds the tag changed when it looks again.
  line.tag.store(0, release);
  line.size.store(header.size, release);
  line.type.store(
      std::uint64_t{static_cast<std::uint32_t>(header.type.family)} << 32 | header.type.element,
      release);
  line.shape.store(std::uint64_t{header.shape[0]} << 32 | header.shape[1], release);
  line.stamp.store(static_cast<std::uint64_t>(header.stamp.count()), release);
  line.born.store(static_cast<std::uint64_t>(header.born.count()), release);
  line.cause.store(header.cause, release);
  line.kind.store(origin, release);
  line.tag.store(sequence << 32 | (slot + 1), release);
  head_ = sequence;
  page_.head.store(sequence, seq_cst);  // the publication; before the look at who sleeps
  wake_sleepers();
  return sequence;
}

void RingWriter::wake_sleepers() {
  bool somebody_sleeps = false;
  for (auto& reader : readers_) {
    if (reader.line->alive.load(seq_cst) == 0) continue;
    const auto ticket = reader.page->waiting.load(seq_cst);
    // A reader that was stopped in its sleep keeps its ticket: it costs one wake-up, not one a
    // frame.
    if (ticket != 0 && ticket != reader.woken) {
      reader.woken = ticket;
      somebody_sleeps = true;
    }
  }
  if (!somebody_sleeps) return;
  // Who read the bell before this and has not slept yet will not; who reads it after has seen what
  // was published.
  page_.bell.store(++bell_, seq_cst);
  doorbell_.ring(page_.bell);
}

void RingWriter::advance_bound(std::int64_t stamp, bool ring) {
  if (stamp < 0 || static_cast<std::uint64_t>(stamp) <= bound_) return;
  bound_ = static_cast<std::uint64_t>(stamp);
  page_.bound.store(bound_, seq_cst);
  if (ring) wake_sleepers();
}

void RingWriter::end() {
  page_.end.store(head_ + 1, seq_cst);
  wake_sleepers();
}

void RingWriter::want_space(bool want) noexcept { page_.want.store(want ? 1 : 0, seq_cst); }

}  // namespace vcengine::wire
