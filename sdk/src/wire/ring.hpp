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
///  3a. A frame that is sent on is held, as any reader holds it, for as long as 3 says of its entry
///  here.
///  4. On a drop_oldest wire the reader looks again after recording the hold (both sides seq_cst),
///  so
///     either the writer sees the hold or the reader sees that the frame left the window.
/// Each memory order is model-checked (litmus tests in sdk/doc/wire_format.md); none is to be
/// weakened on the strength of a test that passed.
#pragma once

#include <boost/circular_buffer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "vcengine/frame.hpp"
#include "wire/layout.hpp"

namespace vcengine::wire {

/// Bytes of a frame from which on its memory is worth more than a look at who still reads it.
inline constexpr std::uint64_t kLargeFrame = 64 << 10;

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

  /// On the pages of a writer that is dead and reaped it goes on where that one was: what was
  /// published stays, what was being written is free. The pages and `payload` (slots * stride
  /// bytes) must outlive the writer. Throws WireCorrupt if sizes do not fit, or the page makes no
  /// sense.
  RingWriter(WriterPage& page, std::span<std::byte> payload, const std::vector<Reader>& readers,
             Doorbell& doorbell);
  /// Frames sent on stay held: their readers may outlive this process.
  ~RingWriter();
  RingWriter(const RingWriter&) = delete;
  RingWriter& operator=(const RingWriter&) = delete;

  /// A reader joins while frames flow; its first sequence, for the header of its page. What comes
  /// from there on waits for it, if it is one of policy `wait`, also before the host opens its
  /// gate. Between two publishes. Throws WireCorrupt.
  std::uint64_t add_reader(const Reader& reader);
  /// The page of a reader's successor, in the place of its own, which begins at the larger of its
  /// predecessor's floor and next. The host clears `alive` before, and sets it after this.
  void replace_reader(std::size_t index, const Reader& reader);

  std::uint64_t stride() const noexcept { return stride_; }
  /// So many slots can be loaned at once whatever the readers keep.
  std::uint32_t max_loans() const noexcept { return max_loans_; }
  std::uint64_t head() const noexcept { return head_; }
  /// Slots, from 0 on, that a picture is written to in turns while no reader keeps more than one
  /// frame: one is written to, the newest is there to be seen, others wait or are worked on.
  std::uint32_t usual_slots() const noexcept;
  /// The slot that comes next, if it was never used before; unless readers let go of one meanwhile.
  std::optional<std::uint32_t> fresh_slot();
  std::byte* slot_data(std::uint32_t slot) const noexcept {
    return payload_.data() + slot * stride_;
  }

  /// A free slot, one that was used before if there is any: its memory is there already, and warm.
  std::optional<std::uint32_t> try_loan();
  void give_back(std::uint32_t slot) noexcept;

  /// May one more frame be published without overrunning a `wait` reader?
  bool has_space() noexcept;
  /// Publishes a loaned slot; returns its sequence. Precondition: has_space(). The header's
  /// sequence is ignored.
  std::uint64_t publish(std::uint32_t slot, const FrameHeader& header);

  /// What this output may send on without copying it: frames whose payload all of its readers have
  /// mapped, and no more at once than the input that they come from can hold for it.
  struct Forwarding {
    std::vector<std::uint64_t> origins;
    std::uint32_t frames = 0;
  };
  void allow_forwarding(Forwarding forwarding);
  bool may_forward(const FrameRef& frame);
  /// Publishes a frame of another pool as it is; it stays held until nobody can use it any more.
  /// Preconditions: may_forward(), has_space().
  std::uint64_t forward(FrameRef frame, const FrameHeader& header);

  /// Did a predecessor on these pages say that no frame comes any more? Then none may.
  bool has_ended() const noexcept;
  /// May anybody still look at a frame that a predecessor on these pages published?
  bool inherited_in_use() noexcept;
  /// Of the frame published last; none before the first.
  std::optional<Stamp> last_stamp() const noexcept;
  std::optional<std::uint64_t> last_cause() const noexcept;
  /// From the frame before that one to it; none: there is none, or its entry is used again.
  std::optional<Stamp> last_step() const noexcept;
  std::int64_t bound() const noexcept { return static_cast<std::int64_t>(bound_); }

  /// "No frame below this stamp will come any more." With `ring`, wakes readers: nothing else will.
  void advance_bound(std::int64_t stamp, bool ring);
  /// No frame will come any more.
  void end();

  /// Sleeping for space: announce, read the bells, look again, sleep on them, retract.
  void want_space(bool want) noexcept;
  template <class Visit>
  void visit_release_bells(Visit visit) const {
    for (const auto& reader : readers_) {
      if (reader.policy != Policy::drop_oldest) visit(reader.page->release_bell);
    }
  }

 private:
  struct ReaderState {
    const ReaderPage* page;
    const WireLine* line;
    Policy policy;  // copied once: what a reader writes later cannot change it
    std::uint32_t depth;
    std::uint32_t holds;
    std::uint32_t woken = 0;    // last ticket served
    std::uint64_t join_at = 0;  // of one that joined: counts until its gate is open
    std::uint64_t floor = 0;    // as it was when it was looked at last: it only grows
  };
  struct Forwarded {
    std::uint64_t sequence;
    FrameRef frame;
  };

  void take_over();
  const RingLine* last_entry() const noexcept;
  ReaderState checked_reader(const Reader& reader) const;
  void widen_window(const ReaderState& reader) noexcept;
  /// Below it the reader has taken everything; looks again only if what it saw last is not enough.
  static std::uint64_t floor_of(ReaderState& reader, std::uint64_t enough) noexcept;
  void look_at_pins();
  bool pinned(std::uint64_t sequence) const noexcept;
  void reclaim();
  void let_go_forwarded();
  std::uint64_t publish(std::uint64_t origin, std::uint32_t slot, const FrameHeader& header);
  void wake_sleepers();

  WriterPage& page_;
  std::span<std::byte> payload_;
  std::vector<ReaderState> readers_;
  Doorbell& doorbell_;
  const std::uint64_t stride_;
  const std::uint64_t first_;
  const std::uint32_t spare_;
  const std::uint64_t ring_mask_;
  std::uint32_t window_ = 1;  // frames that a drop_oldest reader may find; an observer finds one
  std::uint64_t head_;
  std::uint64_t valid_from_;
  std::uint64_t announced_ = 0;  // of valid_from_, before holds were looked at
  std::uint32_t bell_;
  std::uint64_t bound_;
  struct Published {
    std::uint64_t sequence;
    std::uint32_t slot;
  };
  boost::circular_buffer<Published> published_;  // own slots, the oldest first
  std::vector<Published> held_over_;             // those that were still held when their turn came
  std::vector<std::uint32_t> free_;              // touched and free, the warmest last
  std::uint32_t untouched_ = 0;                  // slots from here on were never used
  const std::uint32_t in_turns_;  // slots to use before one is asked for again; 0: each
  // As look_at_pins() found them.
  std::uint64_t not_taken_ = 0;
  std::vector<std::uint64_t> held_;
  std::uint32_t slots_;
  std::uint32_t max_loans_;
  std::uint64_t inherited_until_ = 0;  // frames up to here are a predecessor's; 0: none is in use
  Forwarding forwarding_;
  std::vector<Forwarded> forwarded_;
};

/// The payload memory of one generation of a pool, as a reader maps it.
struct PayloadView {
  std::uint64_t origin = 0;  ///< origin_of() it
  std::span<const std::byte> bytes;
  std::uint32_t slots = 0;
  std::uint64_t stride = 0;
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

  /// `writer` is the page as it is mapped: its header is checked here, once. On the page of a
  /// reader that is dead and reaped it goes on behind the frames that one had taken; those of the
  /// call that it died in count as lost. All that is handed in must outlive the reader, and the
  /// reader lives as long as the last frame taken from it: `memory` is kept until then. Throws
  /// WireCorrupt.
  RingReader(ReaderPage& page, std::span<const std::byte> writer,
             std::span<const std::byte> payload, const WireLine& line, Doorbell& doorbell,
             std::shared_ptr<const void> memory = {});
  /// The same for a page whose header nobody else can change.
  RingReader(ReaderPage& page, const WriterPage& writer, std::span<const std::byte> payload,
             const WireLine& line, Doorbell& doorbell, std::shared_ptr<const void> memory = {});

  /// Payload of another pool, whose frames the writer of this one may send on. Its memory must
  /// outlive the reader. Throws WireCorrupt if it is too small for its slots.
  void add_origin(const PayloadView& payload);
  /// The next generation of the pool, by a successor of its writer or in larger slots: read from
  /// once all of this one is taken. `memory` is kept until the last of its frames is let go. Throws
  /// WireCorrupt.
  void succeed(std::span<const std::byte> writer, std::span<const std::byte> payload,
               std::shared_ptr<const void> memory);

  /// May there be a frame that was not there at the last look? One load of the line that the next
  /// one comes with: for who looks again and again. That nothing more comes, only a look tells.
  bool glance() const noexcept;
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
  void disown(DropReason reason) noexcept;
  /// No frame with a stamp below this will come; read it before peek().
  std::int64_t bound() const noexcept;

  /// Sequence of the frame that a predecessor had taken when it died, and had not worked on to the
  /// end; none: there is no such frame, or more than one. One of these three says what becomes of
  /// it: it counts as lost; as worked on, after all; or take() gives it once more, where that is
  /// possible.
  std::optional<std::uint64_t> unfinished() const noexcept;
  void lose_unfinished() noexcept;
  void complete_unfinished() noexcept;
  bool can_take_again() const noexcept;
  void take_again() noexcept;
  /// It is still to be taken, and what keeps it is inherited.
  bool is_to_take_again() const noexcept { return takes_again_; }

  /// All that was taken up to now is worked on.
  void complete() noexcept { page_.completed.store(taken_, std::memory_order_relaxed); }
  /// Of a Latest whose predecessor had taken the newest frame: it is there to be taken once more.
  void take_newest_again() noexcept;
  /// Does the page still hold frames of a predecessor, which may have sent them on?
  bool holds_inherited() const noexcept { return !inherited_.empty(); }
  /// When nobody reads any more what it sent on.
  void let_go_inherited() noexcept;
  bool can_hold() const noexcept { return takes_again_ || free_hold().has_value(); }

  void record_age(std::uint64_t nanoseconds) noexcept { page_.age.add(nanoseconds); }

  /// Sleeping for a frame: announce, read the bell, look again, sleep on it, retract.
  /// Gives the value of the bell to sleep on.
  std::uint32_t announce_wait() noexcept;
  void retract_wait() noexcept;
  const Word32& bell() const noexcept { return newest().page->bell; }

  void release_hold(std::size_t index) noexcept override;

  std::uint64_t dropped(DropReason reason) const noexcept;

 private:
  /// One generation of the pool.
  struct Pool {
    Pool(const WriterPage& writer, const WriterHeader& header, std::span<const std::byte> bytes,
         std::shared_ptr<const void> kept);

    const WriterPage* page;
    std::uint64_t first;
    std::uint64_t ring_mask;
    PayloadView payload;
    std::shared_ptr<const void> memory;
  };
  struct Looked {
    std::uint64_t origin;
    std::uint32_t slot;
    const std::byte* data;
    FrameHeader header;
  };
  enum class Copy { good, overrun };

  RingReader(ReaderPage& page, const WriterPage& writer, const WriterHeader& header,
             std::span<const std::byte> payload, const WireLine& line, Doorbell& doorbell,
             std::shared_ptr<const void> memory);

  /// Whose writer lives, if any does: the one to sleep on and to wake.
  const Pool& newest() const noexcept { return successors_.empty() ? pool_ : successors_.back(); }
  /// The one that this frame is in, if there is such a frame.
  const Pool& pool_of(std::uint64_t sequence) const noexcept;
  void take_over();
  bool may_be_overrun() const noexcept { return policy_ != Policy::wait; }
  Status locate(std::uint64_t& sequence);
  Status locate_in_pool(std::uint64_t& sequence);
  void go_on_to_successor();
  void let_go_retired();
  Copy copy(const Pool& pool, std::uint64_t sequence, Looked& looked) const;
  const PayloadView* payload_of(const Pool& pool, std::uint64_t kind) const noexcept;
  std::optional<std::size_t> free_hold() const noexcept;
  std::optional<std::size_t> place_for(std::uint64_t sequence) noexcept;
  void count(DropReason reason, std::uint64_t frames) noexcept;
  void move_floor(std::uint64_t floor) noexcept;
  void wake_writer() noexcept;

  ReaderPage& page_;
  const WireLine& line_;
  Doorbell& doorbell_;
  const Policy policy_;
  const std::uint32_t depth_;
  Pool pool_;
  std::vector<Pool> successors_;  // in their order
  std::vector<Pool> retired_;     // frames of theirs may still be held
  std::vector<PayloadView> origins_;
  std::uint64_t next_;
  std::uint64_t taken_ = 0;
  std::uint64_t unfinished_ = 0;  // frames, of a predecessor
  bool takes_again_ = false;
  std::uint64_t seen_head_ = 0;
  std::vector<std::size_t> inherited_;  // places in the hold table
  std::vector<detail::Hold> holds_;
};

}  // namespace vcengine::wire
