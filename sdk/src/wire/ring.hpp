/// The ring algorithm: publish, loan, take, release over plain bytes, with no operating system in
/// it. The same code runs in one process for tests and in shared memory for workers.
///
/// Actors: RingWriter is used by one thread of the writer's process, RingReader by one thread of a
/// reader's (only release_hold() on any thread of it). Who writes which word: layout.hpp.
/// Invariants:
///  1. The store of `head` [release] publishes: a writer that dies before it has published nothing.
///  2. A reader records its hold before its claim: what it could own is always on its page, and
///  clearing
///     its `alive` bit after its death gives all of it back.
///  3. A slot is used again only when no gated `wait` reader has yet to take its frame, no window
///  of a
///     drop_oldest reader covers it, and no living reader holds it.
///  4. On a drop_oldest wire the reader looks again after recording the hold (both sides seq_cst),
///  so
///     either the writer sees the hold or the reader sees that the frame left the window.
/// Each memory order is model-checked (litmus tests in sdk/doc/wire_format.md); none is to be
/// weakened on the strength of a test that passed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "vcengine/frame.hpp"
#include "wire/layout.hpp"

namespace vcengine::wire {

/// Wakes whoever sleeps on a word of a page. Called only if somebody said that he sleeps.
class Doorbell {
 public:
  virtual ~Doorbell() = default;
  virtual void ring(const Word32& word) noexcept = 0;
};

class RingWriter {
 public:
  struct Reader {
    const ReaderPage* page;
    const WireLine* line;
  };

  /// The pages and `payload` (slots * stride bytes) must outlive the writer. Throws WireCorrupt if
  /// sizes do not fit.
  RingWriter(WriterPage& page, std::span<std::byte> payload, const std::vector<Reader>& readers,
             Doorbell& doorbell);

  std::uint64_t stride() const noexcept { return stride_; }
  /// So many slots can be loaned at once whatever the readers keep.
  std::uint32_t max_loans() const noexcept { return max_loans_; }
  std::uint64_t head() const noexcept { return head_; }
  std::byte* slot_data(std::uint32_t slot) const noexcept {
    return payload_.data() + slot * stride_;
  }

  /// A free slot, one that was used before if there is any: its memory is there already, and warm.
  std::optional<std::uint32_t> try_loan();
  void give_back(std::uint32_t slot) noexcept;

  /// May one more frame be published without overrunning a `wait` reader?
  bool has_space() const noexcept;
  /// Publishes a loaned slot; returns its sequence. Precondition: has_space(). The header's
  /// sequence is ignored.
  std::uint64_t publish(std::uint32_t slot, const FrameHeader& header);

  /// "No frame below this stamp will come any more." With `ring`, wakes readers: nothing else will.
  void advance_bound(std::int64_t stamp, bool ring);
  /// No frame will come any more.
  void end();

  /// Sleeping for space: announce, read the bells, look again, sleep on them, retract.
  void want_space(bool want) noexcept;
  std::vector<const Word32*> release_bells() const;

 private:
  struct ReaderState {
    const ReaderPage* page;
    const WireLine* line;
    Policy policy;  // copied once: what a reader writes later cannot change it
    std::uint32_t depth;
    std::uint32_t holds;
    std::uint32_t woken = 0;  // last ticket served
  };

  bool pinned(std::uint64_t sequence) const noexcept;
  void reclaim();
  void ring_bell();

  WriterPage& page_;
  std::span<std::byte> payload_;
  std::vector<ReaderState> readers_;
  Doorbell& doorbell_;
  const std::uint64_t stride_;
  const std::uint64_t first_;
  const std::uint32_t depth_;
  const std::uint32_t spare_;
  const std::uint64_t ring_mask_;
  std::uint64_t head_;
  std::uint64_t valid_from_;
  std::uint32_t bell_ = 0;
  std::uint64_t bound_ = 0;
  std::vector<std::uint64_t> published_in_;  // by slot: the sequence it holds; 0: free or loaned
  std::vector<std::uint32_t> free_;          // touched and free, the warmest last
  std::uint32_t untouched_ = 0;              // slots from here on were never used
  std::uint32_t slots_;
  std::uint32_t max_loans_;
};

class RingReader final : public detail::HoldOwner, public std::enable_shared_from_this<RingReader> {
 public:
  enum class Status {
    frame,
    empty,
    ended,
    gone,           ///< take(sequence): it left the window meanwhile; look again
    too_many_held,  ///< every place of the hold table is in use
  };

  /// `writer` is the page as it is mapped: its header is checked here, once. All that is handed in
  /// must outlive the reader, and the reader lives as long as the last frame taken from it:
  /// `memory` is kept until then. Throws WireCorrupt.
  RingReader(ReaderPage& page, std::span<const std::byte> writer,
             std::span<const std::byte> payload, const WireLine& line, Doorbell& doorbell,
             std::shared_ptr<const void> memory = {});
  /// The same for a page whose header nobody else can change.
  RingReader(ReaderPage& page, const WriterPage& writer, std::span<const std::byte> payload,
             const WireLine& line, Doorbell& doorbell, std::shared_ptr<const void> memory = {});

  /// The header of the frame that take() would give now. Frames that a drop_oldest wire overran are
  /// counted and passed. Throws WireCorrupt.
  Status peek(FrameHeader& header);
  /// After a peek() that gave a frame: the header of the one behind it.
  Status peek_next(FrameHeader& header);
  /// Takes the next frame. Throws WireCorrupt.
  Status take(FrameRef& frame);
  /// Takes the frame just peeked, or says that it is gone.
  Status take(FrameRef& frame, std::uint64_t sequence);
  /// Counts the frame just peeked as dropped and goes on to the next.
  void skip(std::uint64_t sequence, DropReason reason);
  /// Counts a frame that was taken as dropped after all: nobody looked at it.
  void disown(DropReason reason) noexcept { count(reason, 1); }
  /// No frame with a stamp below this will come; read it before peek().
  std::int64_t bound() const noexcept;

  void record_age(std::uint64_t nanoseconds) noexcept { page_.age.add(nanoseconds); }

  /// Sleeping for a frame: announce, read the bell, look again, sleep on it, retract.
  /// Gives the value of the bell to sleep on.
  std::uint32_t announce_wait() noexcept;
  void retract_wait() noexcept;
  const Word32& bell() const noexcept { return writer_.bell; }

  void release_hold(std::size_t index) noexcept override;

  std::uint64_t dropped(DropReason reason) const noexcept;

 private:
  struct Looked {
    std::uint64_t sequence;
    std::uint32_t slot;
    FrameHeader header;
  };
  enum class Copy { good, overrun };

  RingReader(ReaderPage& page, const WriterPage& writer, const WriterHeader& header,
             std::span<const std::byte> payload, const WireLine& line, Doorbell& doorbell,
             std::shared_ptr<const void> memory);

  Status locate(std::uint64_t& sequence);
  Copy copy(std::uint64_t sequence, Looked& looked) const;
  std::optional<std::size_t> free_hold() const noexcept;
  void count(DropReason reason, std::uint64_t frames) noexcept;
  void move_floor(std::uint64_t floor) noexcept;
  void wake_writer() noexcept;

  ReaderPage& page_;
  const WriterPage& writer_;
  std::span<const std::byte> payload_;
  const WireLine& line_;
  Doorbell& doorbell_;
  const Policy policy_;
  const std::uint32_t depth_;
  const std::uint32_t slots_;
  const std::uint64_t stride_;
  const std::uint64_t ring_mask_;
  std::uint64_t next_;
  std::uint64_t seen_head_ = 0;
  std::vector<detail::Hold> holds_;
  std::shared_ptr<const void> memory_;
};

}  // namespace vcengine::wire
