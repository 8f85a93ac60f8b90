#include <algorithm>
#include <string>

#include "vcengine/errors.hpp"
#include "wire/ring.hpp"

namespace vcengine::wire {

using enum std::memory_order;

namespace {

/// PoolConfig::slots() solved for the loans.
std::uint32_t loans_of(const WriterHeader& header) {
  const auto others = header.depth + header.readers * header.holds + 1 + header.spare;
  if (header.slots <= others) throw WireCorrupt("writer page: too few slots for its readers");
  return header.slots - others;
}

}  // namespace

RingWriter::RingWriter(WriterPage& page, std::span<std::byte> payload,
                       const std::vector<Reader>& readers, Doorbell& doorbell)
    : page_(page),
      payload_(payload),
      doorbell_(doorbell),
      stride_(page.header.stride),
      first_(page.header.first),
      depth_(page.header.depth),
      spare_(page.header.spare),
      ring_mask_(page.header.ring_size - 1),
      head_(page.header.first - 1),
      valid_from_(page.header.first),
      published_in_(page.header.slots, 0),
      slots_(page.header.slots),
      max_loans_(loans_of(page.header)) {
  if (payload.size() < slots_ * stride_) {
    throw WireCorrupt("payload: " + std::to_string(payload.size()) + " bytes are too few for " +
                      std::to_string(slots_) + " slots");
  }
  if (readers.size() > page.header.readers) {
    throw WireCorrupt("writer page: its pool was made for " + std::to_string(page.header.readers) +
                      " readers, not " + std::to_string(readers.size()));
  }
  for (const auto& reader : readers) {
    const auto header = copy_once(reader.page->header);
    if (header.depth > depth_ || header.holds > page.header.holds) {
      throw WireCorrupt("reader page: deeper, or with more holds, than its pool was made for");
    }
    readers_.push_back(
        {reader.page, reader.line, static_cast<Policy>(header.policy), header.depth, header.holds});
  }
  free_.reserve(slots_);
}

std::optional<std::uint32_t> RingWriter::try_loan() {
  if (free_.empty()) reclaim();
  if (!free_.empty()) {
    const auto slot = free_.back();
    free_.pop_back();
    return slot;
  }
  if (untouched_ < slots_) return untouched_++;
  return std::nullopt;
}

void RingWriter::give_back(std::uint32_t slot) noexcept { free_.push_back(slot); }  // reserved

void RingWriter::reclaim() {
  for (std::uint32_t slot = 0; slot < untouched_; ++slot) {
    auto& sequence = published_in_[slot];
    if (sequence != 0 && !pinned(sequence)) {
      sequence = 0;
      free_.push_back(slot);
    }
  }
}

bool RingWriter::pinned(std::uint64_t sequence) const noexcept {
  if (sequence >= valid_from_) return true;
  for (const auto& reader : readers_) {
    // The floor before the holds: a lossless reader records its hold, then moves its floor.
    if (reader.policy == Policy::wait && reader.line->gate.load(acquire) != 0 &&
        sequence >= reader.page->floor.load(seq_cst)) {
      return true;
    }
    if (reader.line->alive.load(seq_cst) == 0) continue;
    for (std::uint32_t k = 0; k < reader.holds; ++k) {
      if (reader.page->hold[k].load(seq_cst) == sequence) return true;
    }
  }
  return false;
}

bool RingWriter::has_space() const noexcept {
  return std::ranges::none_of(readers_, [this](const ReaderState& reader) {
    if (reader.policy != Policy::wait || reader.line->gate.load(acquire) == 0) return false;
    const auto waiting = static_cast<std::int64_t>(head_ + 1 - reader.page->floor.load(seq_cst));
    const auto deeper = std::min(reader.line->deeper.load(acquire), spare_);
    return waiting >= static_cast<std::int64_t>(reader.depth + deeper);
  });
}

std::uint64_t RingWriter::publish(std::uint32_t slot, const FrameHeader& header) {
  const auto sequence = head_ + 1;
  auto& line = page_.ring()[sequence & ring_mask_];

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
  line.kind.store(0, release);

  if (sequence + 1 > first_ + depth_) {
    valid_from_ = sequence + 1 - depth_;
    page_.valid_from.store(valid_from_, seq_cst);
  }
  line.tag.store(sequence << 32 | (slot + 1), release);
  published_in_[slot] = sequence;
  head_ = sequence;
  page_.head.store(sequence, release);  // the publication
  ring_bell();
  return sequence;
}

void RingWriter::ring_bell() {
  page_.bell.store(++bell_, seq_cst);
  bool somebody_sleeps = false;
  for (auto& reader : readers_) {
    if (reader.line->alive.load(acquire) == 0) continue;
    const auto ticket = reader.page->waiting.load(seq_cst);
    // A reader that was stopped in its sleep keeps its ticket: it costs one wake-up, not one a
    // frame.
    if (ticket != 0 && ticket != reader.woken && ticket != wait_ticket(bell_)) {
      reader.woken = ticket;
      somebody_sleeps = true;
    }
  }
  if (somebody_sleeps) doorbell_.ring(page_.bell);
}

void RingWriter::advance_bound(std::int64_t stamp, bool ring) {
  if (stamp < 0 || static_cast<std::uint64_t>(stamp) <= bound_) return;
  bound_ = static_cast<std::uint64_t>(stamp);
  page_.bound.store(bound_, release);
  if (ring) ring_bell();
}

void RingWriter::end() {
  page_.end.store(head_ + 1, seq_cst);
  ring_bell();
}

void RingWriter::want_space(bool want) noexcept { page_.want.store(want ? 1 : 0, seq_cst); }

std::vector<const Word32*> RingWriter::release_bells() const {
  std::vector<const Word32*> bells;
  for (const auto& reader : readers_) {
    if (reader.policy == Policy::wait) bells.push_back(&reader.page->release_bell);
  }
  return bells;
}

}  // namespace vcengine::wire
