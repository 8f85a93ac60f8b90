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

/// Far from where sums of sequences and depths wrap; at a million frames a second 292,000 years
/// away.
constexpr std::uint64_t kMaxSequence = std::uint64_t{1} << 63;

constexpr std::uint32_t low_half(std::uint64_t sequence) {
  return static_cast<std::uint32_t>(sequence);
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

RingReader::RingReader(ReaderPage& page, const WriterPage& writer, const WriterHeader& header,
                       std::span<const std::byte> payload, const WireLine& line, Doorbell& doorbell,
                       std::shared_ptr<const void> memory)
    : page_(page),
      writer_(writer),
      payload_(payload),
      line_(line),
      doorbell_(doorbell),
      policy_(static_cast<Policy>(page.header.policy)),
      depth_(page.header.depth),
      slots_(header.slots),
      stride_(header.stride),
      ring_mask_(header.ring_size - 1),
      next_(page.header.join),
      holds_(page.header.holds),
      memory_(std::move(memory)) {
  if (payload.size() / stride_ < slots_) {
    throw WireCorrupt("payload: " + std::to_string(payload.size()) + " bytes are too few for " +
                      std::to_string(slots_) + " slots");
  }
  for (std::size_t k = 0; k < holds_.size(); ++k) holds_[k].index = k;
}

/// Finds the next sequence to look at, counting what a drop_oldest wire overran.
RingReader::Status RingReader::locate(std::uint64_t& sequence) {
  // Before head: what a writer published before it died still counts.
  const bool writer_gone = line_.writer_gone.load(acquire) != 0;
  // valid_from before head: the writer raises valid_from to at most head + 1, so a larger one is a
  // lie.
  const auto valid_from = policy_ == Policy::drop_oldest ? writer_.valid_from.load(acquire) : 0;
  const auto head = writer_.head.load(acquire);
  if (head < seen_head_) corrupt(head, "the head went back");
  if (head > kMaxSequence) corrupt(head, "no wire lives that long");
  seen_head_ = head;
  if (policy_ == Policy::drop_oldest) {
    if (valid_from > head + 1) corrupt(head, "the window starts after the head");
    const auto own_window = head + 1 > depth_ ? head + 1 - depth_ : 0;
    const auto from = std::max(valid_from, own_window);
    if (from > next_) {
      count(DropReason::superseded, from - next_);
      next_ = from;
      page_.next.store(next_, release);
    }
  }
  sequence = next_;
  if (next_ <= head) return Status::frame;
  if (const auto end = writer_.end.load(seq_cst); end != 0 && next_ >= end) return Status::ended;
  return writer_gone ? Status::ended : Status::empty;
}

/// Copies entry and descriptor once into locals and checks that they are of `sequence` and make
/// sense.
RingReader::Copy RingReader::copy(std::uint64_t sequence, Looked& looked) const {
  const auto overrun_or_corrupt = [&](std::string_view what) {
    // acquire on the tag makes this test sound: whoever saw the new tag sees the new valid_from.
    if (policy_ == Policy::drop_oldest && writer_.valid_from.load(acquire) > sequence) {
      return Copy::overrun;
    }
    corrupt(sequence, what);
  };

  const auto& line = writer_.ring()[sequence & ring_mask_];
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

  const auto slot = low_half(tag) - 1;  // a tag of 0 becomes a slot that never exists
  if (slot >= slots_) corrupt(sequence, "slot " + std::to_string(slot) + " does not exist");
  if (size > stride_) corrupt(sequence, std::to_string(size) + " bytes do not fit its slot");
  if (kind != 0) corrupt(sequence, "unknown kind of payload");
  constexpr auto kMaxTime = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (stamp > kMaxTime || born > kMaxTime) corrupt(sequence, "a time out of range");

  looked.sequence = sequence;
  looked.slot = slot;
  looked.header = {.sequence = sequence,
                   .type = {static_cast<Family>(type >> 32), low_half(type)},
                   .size = size,
                   .shape = {low_half(shape >> 32), low_half(shape)},
                   .stamp = Stamp{static_cast<std::int64_t>(stamp)},
                   .born = Born{static_cast<std::int64_t>(born)},
                   .cause = cause};
  return Copy::good;
}

RingReader::Status RingReader::peek(FrameHeader& header) {
  for (int tries = 0; tries < kTries; ++tries) {
    std::uint64_t sequence = 0;
    if (const auto status = locate(sequence); status != Status::frame) return status;
    Looked looked{};
    if (copy(sequence, looked) == Copy::good) {
      header = looked.header;
      return Status::frame;
    }
  }
  return Status::empty;
}

RingReader::Status RingReader::peek_next(FrameHeader& header) {
  const bool writer_gone = line_.writer_gone.load(acquire) != 0;
  const auto head = writer_.head.load(acquire);
  const auto sequence = next_ + 1;
  if (sequence <= head) {
    Looked looked{};
    if (copy(sequence, looked) == Copy::overrun) return Status::empty;  // so is the frame before it
    header = looked.header;
    return Status::frame;
  }
  if (const auto end = writer_.end.load(seq_cst); end != 0 && sequence >= end) return Status::ended;
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
  const auto k = free_hold();
  if (!k) return Status::too_many_held;
  auto& hold_word = page_.hold[*k];
  Looked looked{};

  if (policy_ == Policy::drop_oldest) {
    hold_word.store(sequence, seq_cst);
    // Either the writer saw the hold, or we see that the frame left the window (invariant 4).
    if (writer_.valid_from.load(seq_cst) > sequence || copy(sequence, looked) == Copy::overrun) {
      hold_word.store(0, release);
      return Status::gone;
    }
    next_ = sequence + 1;
    page_.next.store(next_, release);
  } else {
    hold_word.store(sequence, relaxed);
    next_ = sequence + 1;
    move_floor(next_);  // seq_cst: the hold is on the page before the claim
    copy(sequence, looked);
    page_.next.store(next_, release);
  }

  page_.stamp.store(static_cast<std::uint64_t>(looked.header.stamp.count()), relaxed);
  page_.born.store(static_cast<std::uint64_t>(looked.header.born.count()), relaxed);
  auto& hold = holds_[*k];
  hold.header = looked.header;
  hold.payload = payload_.data() + looked.slot * stride_;
  hold.owner = shared_from_this();
  frame = FrameRef(hold);
  return Status::frame;
}

void RingReader::skip(std::uint64_t sequence, DropReason reason) {
  count(reason, 1);
  next_ = sequence + 1;
  page_.next.store(next_, release);
  if (policy_ == Policy::wait) move_floor(next_);
}

void RingReader::move_floor(std::uint64_t floor) noexcept {
  page_.floor.store(floor, seq_cst);
  wake_writer();
}

void RingReader::wake_writer() noexcept {
  if (writer_.want.load(seq_cst) == 0) return;
  page_.release_bell.fetch_add(1,
                               seq_cst);  // releases may come from several threads of this process
  doorbell_.ring(page_.release_bell);
}

void RingReader::release_hold(std::size_t index) noexcept {
  page_.hold[index].store(0, policy_ == Policy::wait ? seq_cst : release);
  wake_writer();
}

std::int64_t RingReader::bound() const noexcept {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(
      std::min(writer_.bound.load(acquire), static_cast<std::uint64_t>(kMax)));
}

std::uint32_t RingReader::announce_wait() noexcept {
  const auto seen = writer_.bell.load(seq_cst);
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

void RingReader::count(DropReason reason, std::uint64_t frames) noexcept {
  auto& word = page_.drops[static_cast<std::size_t>(reason)];
  word.store(word.load(relaxed) + frames, relaxed);
}

std::uint64_t RingReader::dropped(DropReason reason) const noexcept {
  return page_.drops[static_cast<std::size_t>(reason)].load(relaxed);
}

}  // namespace vcengine::wire
