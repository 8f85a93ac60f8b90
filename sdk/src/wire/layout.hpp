/// The bytes of a wire. See sdk/doc/wire_format.md for the format in words.
///
/// Actors: one writer and up to N readers of a pool, each in a process of its own, and the host.
/// Invariants:
///  1. Every word here is written by one process only: WriterPage by the writer, ReaderPage by its
///  reader,
///     HostPage by the host, StatusPage by its worker. Nobody holds a lock, so nobody can die
///     holding one.
///  2. Sequences start at 1 on each output and only grow, also over a restart of the writer: a hold
///  can
///     never be confused with later content of the same slot.
///  3. Constant headers are written by the host before anybody maps the page and never again.
///  4. Whoever reads a page that another process writes checks each value once, in a local copy.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace vcengine::wire {

using Word64 = std::atomic<std::uint64_t>;
using Word32 = std::atomic<std::uint32_t>;
static_assert(Word64::is_always_lock_free && Word32::is_always_lock_free);
static_assert(sizeof(Word64) == 8 && sizeof(Word32) == 4);

/// Two lines of 64 bytes: adjacent-line prefetchers fetch pairs. Part of the format, therefore
/// fixed and not std::hardware_destructive_interference_size.
inline constexpr std::size_t kLine = 128;

inline constexpr std::uint32_t kLayoutMajor = 2;
inline constexpr std::uint32_t kLayoutMinor = 3;
inline constexpr std::uint64_t kWriterMagic = 0x3172657469727776ULL;  // "vwriter1"
inline constexpr std::uint64_t kReaderMagic = 0x3172656461657276ULL;  // "vreader1"
inline constexpr std::uint64_t kHostMagic = 0x312d74736f682d76ULL;    // "v-host-1"
inline constexpr std::uint64_t kStatusMagic = 0x3173757461747376ULL;  // "vstatus1"
inline constexpr std::uint32_t kByteOrderMark = 0x01020304;

inline constexpr std::uint32_t kMaxSlots = 4096;
inline constexpr std::uint32_t kMaxReaders = 64;
inline constexpr std::uint32_t kMaxHolds = 256;
inline constexpr std::size_t kSlotAlignment = 4096;
inline constexpr std::size_t kKeptBytes = 4096;  ///< that a block can keep for its successor

/// Far from where sums of sequences and depths wrap; at a million frames a second 292,000 years
/// away.
inline constexpr std::uint64_t kMaxSequence = std::uint64_t{1} << 63;

enum class Policy : std::uint32_t {
  wait = 0,         ///< lossless: the writer waits for this reader
  drop_oldest = 1,  ///< latest: the reader skips what it was too slow for
  /// A drop_oldest reader for whom the writer waits while its gate is open: the host can make a
  /// lossless wire a lossy one, whatever the reader is at, for it always looks twice.
  wait_while_open = 2,
};

enum class DropReason : std::uint32_t {
  superseded,     ///< a newer frame took its place in a drop_oldest wire
  unmatched,      ///< no partner of the same stamp will ever come
  wrong_type,     ///< the input takes another type; found on arrival
  lost_in_crash,  ///< its reader died while it worked on it
  count_,
};
inline constexpr std::size_t kDropReasons = 8;  // room for more in the same layout
static_assert(static_cast<std::size_t>(DropReason::count_) <= kDropReasons);
std::string_view to_string(DropReason reason);

/// Of a word that this process alone writes: load and store suffice, and nobody can observe a
/// half-done read-modify-write.
inline void increment(Word64& word) noexcept {
  word.store(word.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

/// Counts per logarithmic bucket of nanoseconds, eight to an octave: quantiles within 9 %. One
/// writer.
struct Histogram {
  static constexpr std::size_t kBuckets = 8 * 48;
  Word64 count[kBuckets];

  static std::size_t bucket_of(std::uint64_t nanoseconds) noexcept;
  static std::uint64_t upper_bound(std::size_t bucket) noexcept;
  void add(std::uint64_t nanoseconds) noexcept;
};

/// Constants of a pool, at the start of its writer's page.
struct WriterHeader {
  std::uint64_t magic;
  std::uint32_t layout_major, layout_minor;
  std::uint32_t header_size;
  std::uint32_t byte_order_mark;
  std::uint64_t features;    ///< none yet; unknown bits are refused
  std::uint64_t pool;        ///< number of the output in its circuit
  std::uint64_t generation;  ///< 1 for the first writer of the output
  std::uint64_t first;       ///< first sequence of this generation
  std::uint32_t slots;       ///< S
  std::uint32_t ring_size;   ///< C, a power of two > D + spare
  std::uint32_t holds;       ///< the largest H of its readers
  std::uint32_t depth;       ///< D, the largest depth of its wires
  std::uint64_t stride;      ///< bytes of a slot, a multiple of kSlotAlignment
  std::uint32_t readers;     ///< N, places for observers included
  std::uint32_t spare;       ///< slots by which its wires may grow deeper
  std::uint32_t loans;       ///< L
  std::uint32_t reserved;

  bool operator==(const WriterHeader&) const = default;
};

/// A frame's ring entry and descriptor: one line, found by sequence mod C.
struct alignas(kLine) RingLine {
  Word64 tag;  ///< low half of the sequence << 32 | slot + 1; 0 while it is being written
  Word64 size;
  Word64 type;   ///< family << 32 | element
  Word64 shape;  ///< [0] << 32 | [1]
  Word64 stamp;
  Word64 born;
  Word64 cause;
  Word64 kind;  ///< 0: the payload is in this pool's memory; else the origin_of() another pool
};
static_assert(sizeof(RingLine) == kLine);

/// Names the payload memory of one generation of a pool, for frames that are sent on as they are.
constexpr std::uint64_t origin_of(std::uint64_t pool, std::uint64_t generation) {
  return generation << 32 | (pool + 1);
}

/// Written by the writer, read by readers, observers and the host.
struct WriterPage {
  alignas(kLine) WriterHeader header;
  alignas(kLine) Word64 head;  ///< last published sequence; the store [rel] is the publication
  alignas(kLine) Word64 valid_from;  ///< latest readers may take from here on
  alignas(kLine) Word32 bell;        ///< counts wake-ups; readers sleep on it
  Word32 want;                       ///< 1 while the writer waits for space
  alignas(kLine) Word64 bound;       ///< no later frame has a stamp below this
  Word64 end;                        ///< 0, or one more than the last sequence there will be [sc]

  RingLine* ring() noexcept { return reinterpret_cast<RingLine*>(this + 1); }
  const RingLine* ring() const noexcept { return reinterpret_cast<const RingLine*>(this + 1); }
  /// For each slot the sequence of the frame that was put into it last; 0: none. For the writer's
  /// successor: a frame may be held for longer than the ring remembers its slot.
  Word64* content() noexcept { return reinterpret_cast<Word64*>(ring() + header.ring_size); }
};

/// Written by one reader, read by the writer and the host.
struct ReaderPage {
  struct Header {
    std::uint64_t magic;
    std::uint32_t layout_major, layout_minor;
    std::uint32_t holds;
    std::uint32_t policy;
    std::uint32_t depth;
    std::uint32_t wire;  ///< index of its line in the host's page
    std::uint64_t join;  ///< first sequence of this reader

    bool operator==(const Header&) const = default;
  };
  alignas(kLine) Header header;
  alignas(kLine) Word64 floor;    ///< lossless: below it everything is taken or skipped [sc]
  Word64 next;                    ///< next sequence to look at
  Word64 stamp;                   ///< of the frame taken last
  Word64 born;                    ///< likewise
  Word64 completed;               ///< frames taken up to the end of the last process()
  alignas(kLine) Word32 waiting;  ///< 0, or wait_ticket() of the bell slept on
  Word32 release_bell;            ///< counts releases that the writer asked for
  alignas(kLine) Word64 drops[kDropReasons];
  alignas(kLine) Word64 hold[kMaxHolds];  ///< sequences in use; 0: free
  alignas(kLine) Histogram age;           ///< born to taken
};

enum class RunState : std::uint32_t {
  setup = 0,
  run = 1,
  stop_sources = 2,  ///< sources end, everybody else drains
  abort = 3,         ///< every wait of every block throws Stopping
};

/// Does the writer wait for a reader? One that joins while frames flow may be gone again before the
/// writer has looked.
enum class Gate : std::uint32_t { not_yet = 0, open = 1, closed = 2 };

/// What the host says of one wire.
struct WireLine {
  alignas(kLine) Word32 gate;  ///< a Gate: while open, the reader's floor pins and the writer waits
  Word32 alive;                ///< the reader's holds pin [sc]
  Word32 writer_gone;          ///< the writer died or gave up: what is published is all there is
  Word32 deeper;               ///< frames that may wait for a `wait` reader beyond its depth
};

/// What the host says to one worker.
struct WorkerLine {
  alignas(kLine) Word32 orders;  ///< counts messages to read before the next process() [sc]
  Word32 keep_holds;  ///< not 0: the host reads the frames that a dead predecessor of it held
};

struct HostPage {
  struct Header {
    std::uint64_t magic;
    std::uint32_t layout_major, layout_minor;
    std::uint32_t wires;
    std::uint32_t workers;
  };
  alignas(kLine) Header header;
  alignas(kLine) Word32 run_state;
  Word64 origin;  ///< CLOCK_MONOTONIC ns when the circuit began to run; set before `run`
  alignas(kLine) Word32 bell;

  WireLine* wire() noexcept { return reinterpret_cast<WireLine*>(this + 1); }
  const WireLine* wire() const noexcept { return reinterpret_cast<const WireLine*>(this + 1); }
  /// Behind the wires.
  WorkerLine* worker() noexcept { return reinterpret_cast<WorkerLine*>(wire() + header.wires); }
  const WorkerLine* worker() const noexcept {
    return reinterpret_cast<const WorkerLine*>(wire() + header.wires);
  }
};

enum class WorkerState : std::uint32_t {
  starting,
  running,
  waiting_input,
  waiting_space,
  finished
};

/// Written by a worker, read by the host and by the worker's successor, which goes on with it.
struct StatusPage {
  struct Header {
    std::uint64_t magic;
    std::uint32_t layout_major, layout_minor;

    bool operator==(const Header&) const = default;
  };
  alignas(kLine) Header header;
  alignas(kLine) Word32 state;      ///< a WorkerState
  Word64 since;                     ///< CLOCK_MONOTONIC ns of the last change of state
  alignas(kLine) Word64 processed;  ///< calls of process() that returned
  Word64 exceptions;
  Word64 trigger;  ///< sequence of the frame (a source: number of the call) in process(); 0: none
  Word64 progress_done, progress_total;
  Word64 busy;     ///< live source: frames dropped because those it feeds were not ready
  Word64 partial;  ///< calls of process() in which an input was missing
  /// CLOCK_MONOTONIC ns; what has passed since then, the block was at work in the call of process()
  /// that goes on: each wait moves it on. 0: in no call, or it waits. See work_time.hpp.
  Word64 at_work_since;
  alignas(kLine) Histogram process_time;
  /// What an admission group looks at: all frames with a stamp below `done` are behind this block;
  /// `work` is what one process() usually takes [ns]; `done_bell` counts changes of `done`.
  alignas(kLine) Word64 done;
  Word64 work;
  Word32 done_bell;
  /// What the block keeps for its successor: see kept_state.hpp.
  alignas(kLine) Word64 kept_schema;  ///< of names, types and sizes; 0: it keeps nothing
  Word64 kept_commits;                ///< the newest is in kept[kept_commits mod 2]; 0: none yet
  alignas(kLine) Word64 kept[2][kKeptBytes / sizeof(Word64)];
};

/// What a worker is at, from now on.
void set_state(
    StatusPage& status, WorkerState state,
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now()) noexcept;

/// What a reader that sleeps on this value of the bell says in `waiting`; never 0. The bell changes
/// with each wake-up, so that no two sleeps that matter have the same ticket.
constexpr std::uint32_t wait_ticket(std::uint32_t bell) { return bell << 1 | 1; }

/// Bytes of a writer's page with `ring_size` lines for a pool of `slots`.
constexpr std::size_t writer_page_size(std::uint32_t ring_size, std::uint32_t slots) {
  return sizeof(WriterPage) + ring_size * sizeof(RingLine) + slots * sizeof(Word64);
}
constexpr std::size_t host_page_size(std::uint32_t wires, std::uint32_t workers = 0) {
  return sizeof(HostPage) + wires * sizeof(WireLine) + workers * sizeof(WorkerLine);
}

/// Slots that an output with admission lends: two to the block at once, two frames of the call that
/// goes on, two that wait to be let in.
inline constexpr std::uint32_t kAdmittedLoans = 6;

/// What shapes a pool.
struct PoolConfig {
  std::uint64_t pool = 0;
  std::uint64_t generation = 1;
  std::uint64_t first = 1;
  std::uint32_t loans = 2;       ///< L, at once per output
  std::uint32_t depth = 1;       ///< D
  std::uint32_t readers = 1;     ///< N without observers
  std::uint32_t holds = 4;       ///< H of each observer, and the least of each reader
  std::uint32_t more_holds = 0;  ///< of readers that send frames on, in all
  std::uint32_t most_holds = 0;  ///< of one reader, if that is more
  std::uint32_t observers = 2;   ///< O
  std::uint32_t spare = 0;       ///< by which a wire may grow deeper while it runs
  std::uint64_t capacity = 4096;
  std::uint64_t bound = 0;
  std::uint32_t bell = 0;

  /// S >= L + D + sum H + O * H + 1: then a stopped reader can never starve a lossy wire (each
  /// observer holds like any reader).
  std::uint32_t slots() const {
    return loans + depth + (readers + observers) * holds + more_holds + 1 + spare;
  }
  std::uint32_t ring_size() const;  ///< power of two > what may wait for a reader
  std::uint64_t stride() const;     ///< capacity rounded up to pages

  /// Of the next generation, once the writer of this one is reaped or has published its last there.
  /// The bell goes on too: a reader's ticket must not mean a sleep on the one before.
  void succeed(const WriterPage& page);
};

struct ReaderConfig {
  std::uint32_t wire = 0;
  Policy policy = Policy::wait;
  std::uint32_t depth = 2;
  std::uint32_t holds = 4;
  std::uint64_t join = 1;

  /// Of the successor of a `wait` reader that is reaped: begins behind what that took or skipped.
  void succeed(const ReaderPage& page);
};

/// Write headers and initial values into zeroed bytes. [host, before anybody else maps the page]
void init_writer_page(std::span<std::byte> bytes, const PoolConfig& config);
void init_reader_page(std::span<std::byte> bytes, const ReaderConfig& config);
void init_host_page(std::span<std::byte> bytes, std::uint32_t wires, std::uint32_t workers = 0);
void init_status_page(std::span<std::byte> bytes);

/// Takes a constant header out of memory that another process could still write to: what is checked
/// is then what is used, whatever becomes of the original.
template <class Header>
Header copy_once(const Header& shared) noexcept {
  Header copy = shared;
  asm volatile("" : : "r"(&copy) : "memory");  // no field is read from `shared` a second time
  return copy;
}

/// Check the constants of a pool against the size of its page. Throws WireCorrupt with what is
/// wrong.
WriterHeader checked_writer_header(std::span<const std::byte> bytes);

/// Check a page of another process against its size and cast it. Throw WireCorrupt with what is
/// wrong.
WriterPage& writer_page(std::span<std::byte> bytes);
ReaderPage& reader_page(std::span<std::byte> bytes);
HostPage& host_page(std::span<std::byte> bytes);
StatusPage& status_page(std::span<std::byte> bytes);

}  // namespace vcengine::wire
