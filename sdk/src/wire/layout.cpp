#include "wire/layout.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <string>

#include "vcengine/errors.hpp"

namespace vcengine::wire {

namespace {

// Offsets are the format: a change of one is a new layout version.
static_assert(offsetof(WriterHeader, layout_major) == 8 &&
              offsetof(WriterHeader, layout_minor) == 12 &&
              offsetof(WriterHeader, header_size) == 16 &&
              offsetof(WriterHeader, byte_order_mark) == 20 &&
              offsetof(WriterHeader, features) == 24 && offsetof(WriterHeader, pool) == 32 &&
              offsetof(WriterHeader, generation) == 40 && offsetof(WriterHeader, first) == 48 &&
              offsetof(WriterHeader, slots) == 56 && offsetof(WriterHeader, ring_size) == 60 &&
              offsetof(WriterHeader, holds) == 64 && offsetof(WriterHeader, depth) == 68 &&
              offsetof(WriterHeader, stride) == 72 && offsetof(WriterHeader, readers) == 80 &&
              offsetof(WriterHeader, spare) == 84 && offsetof(WriterHeader, loans) == 88 &&
              sizeof(WriterHeader) == 96);
static_assert(offsetof(WriterPage, head) == 128 && offsetof(WriterPage, valid_from) == 256 &&
              offsetof(WriterPage, bell) == 384 && offsetof(WriterPage, want) == 388 &&
              offsetof(WriterPage, bound) == 512 && offsetof(WriterPage, end) == 520 &&
              sizeof(WriterPage) == 640);
static_assert(offsetof(RingLine, tag) == 0 && offsetof(RingLine, size) == 8 &&
              offsetof(RingLine, type) == 16 && offsetof(RingLine, shape) == 24 &&
              offsetof(RingLine, stamp) == 32 && offsetof(RingLine, born) == 40 &&
              offsetof(RingLine, cause) == 48 && offsetof(RingLine, kind) == 56);
static_assert(offsetof(ReaderPage::Header, layout_major) == 8 &&
              offsetof(ReaderPage::Header, layout_minor) == 12 &&
              offsetof(ReaderPage::Header, holds) == 16 &&
              offsetof(ReaderPage::Header, policy) == 20 &&
              offsetof(ReaderPage::Header, depth) == 24 &&
              offsetof(ReaderPage::Header, wire) == 28 && offsetof(ReaderPage::Header, join) == 32);
static_assert(offsetof(ReaderPage, floor) == 128 && offsetof(ReaderPage, next) == 136 &&
              offsetof(ReaderPage, stamp) == 144 && offsetof(ReaderPage, born) == 152 &&
              offsetof(ReaderPage, completed) == 160 && offsetof(ReaderPage, waiting) == 256 &&
              offsetof(ReaderPage, release_bell) == 260 && offsetof(ReaderPage, drops) == 384 &&
              offsetof(ReaderPage, hold) == 512 && offsetof(ReaderPage, age) == 2560 &&
              sizeof(ReaderPage) == 5632);
static_assert(offsetof(HostPage::Header, layout_major) == 8 &&
              offsetof(HostPage::Header, layout_minor) == 12 &&
              offsetof(HostPage::Header, wires) == 16);
static_assert(offsetof(HostPage, run_state) == 128 && offsetof(HostPage, origin) == 136 &&
              offsetof(HostPage, bell) == 256 && sizeof(HostPage) == 384);
static_assert(offsetof(WireLine, gate) == 0 && offsetof(WireLine, alive) == 4 &&
              offsetof(WireLine, writer_gone) == 8 && offsetof(WireLine, deeper) == 12 &&
              sizeof(WireLine) == kLine);
static_assert(offsetof(StatusPage::Header, layout_major) == 8 &&
              offsetof(StatusPage::Header, layout_minor) == 12);
static_assert(offsetof(StatusPage, state) == 128 && offsetof(StatusPage, since) == 136 &&
              offsetof(StatusPage, processed) == 256 && offsetof(StatusPage, exceptions) == 264 &&
              offsetof(StatusPage, trigger) == 272 && offsetof(StatusPage, progress_done) == 280 &&
              offsetof(StatusPage, progress_total) == 288 && offsetof(StatusPage, busy) == 296 &&
              offsetof(StatusPage, partial) == 304 && offsetof(StatusPage, process_time) == 384 &&
              offsetof(StatusPage, done) == 3456 && offsetof(StatusPage, work) == 3464 &&
              offsetof(StatusPage, done_bell) == 3472 &&
              offsetof(StatusPage, kept_schema) == 3584 &&
              offsetof(StatusPage, kept_commits) == 3592 && offsetof(StatusPage, kept) == 3712 &&
              sizeof(StatusPage) == 11904);

/// Both fit the halves of origin_of().
constexpr std::uint64_t kMaxGeneration = 0xffff'ffff;
constexpr std::uint64_t kMaxPool = 0xffff'fffe;

template <class Page, class Byte>
Page& place(std::span<Byte> bytes, std::string_view what) {
  if (bytes.size() < sizeof(Page) || reinterpret_cast<std::uintptr_t>(bytes.data()) % kLine != 0) {
    throw WireCorrupt(std::string(what) + ": " + std::to_string(bytes.size()) +
                      " bytes are too few or not aligned");
  }
  return *reinterpret_cast<Page*>(bytes.data());
}

template <class Page, class Byte>
Page& checked_place(std::span<Byte> bytes, std::uint64_t magic, std::string_view what) {
  auto& page = place<Page>(bytes, what);
  const auto header = copy_once(page.header);
  if (header.magic != magic) throw WireCorrupt(std::string(what) + ": wrong magic number");
  if (header.layout_major != kLayoutMajor) {
    throw WireCorrupt(std::string(what) + ": layout version " +
                      std::to_string(header.layout_major) + ", this is " +
                      std::to_string(kLayoutMajor));
  }
  return page;
}

template <class Header>
void stamp_header(Header& header, std::uint64_t magic) {
  header.magic = magic;
  header.layout_major = kLayoutMajor;
  header.layout_minor = kLayoutMinor;
}

}  // namespace

std::string_view to_string(DropReason reason) {
  switch (reason) {
    case DropReason::superseded:
      return "superseded";
    case DropReason::unmatched:
      return "unmatched";
    case DropReason::wrong_type:
      return "wrong_type";
    case DropReason::lost_in_crash:
      return "lost_in_crash";
    case DropReason::count_:
      break;
  }
  return "unknown";
}

std::size_t Histogram::bucket_of(std::uint64_t nanoseconds) noexcept {
  if (nanoseconds < 8) return static_cast<std::size_t>(nanoseconds);
  const auto octave = static_cast<std::size_t>(std::bit_width(nanoseconds)) - 1;  // >= 3
  const auto eighth = static_cast<std::size_t>(nanoseconds >> (octave - 3)) & 7;
  const auto bucket = (octave - 2) * 8 + eighth;
  return bucket < kBuckets ? bucket : kBuckets - 1;
}

std::uint64_t Histogram::upper_bound(std::size_t bucket) noexcept {
  if (bucket < 8) return bucket;
  const auto octave = bucket / 8 + 2;
  const auto eighth = bucket % 8;
  return ((8 + eighth + 1) << (octave - 3)) - 1;
}

void Histogram::add(std::uint64_t nanoseconds) noexcept {
  increment(count[bucket_of(nanoseconds)]);
}

std::uint32_t PoolConfig::ring_size() const {
  // What waits for a reader, the frame that is being written, and the second of two that a live
  // source lets in at once.
  return std::bit_ceil(depth + spare + 2);
}

std::uint64_t PoolConfig::stride() const {
  return (capacity + kSlotAlignment - 1) / kSlotAlignment * kSlotAlignment;
}

void PoolConfig::succeed(const WriterPage& page) {
  generation = page.header.generation + 1;
  first = page.head.load(std::memory_order_acquire) + 1;
  bound = page.bound.load(std::memory_order_acquire);
  bell = page.bell.load(std::memory_order_acquire) + 1;
}

void ReaderConfig::succeed(const ReaderPage& page) {
  // A take moves the floor first, for then the frame is pinned no more; a skip moves `next` first,
  // for then it is counted. Who was killed in between has passed that frame all the same.
  join = std::max(page.floor.load(std::memory_order_acquire),
                  page.next.load(std::memory_order_acquire));
}

void init_writer_page(std::span<std::byte> bytes, const PoolConfig& config) {
  auto& page = place<WriterPage>(bytes, "writer page");
  auto& header = page.header;
  stamp_header(header, kWriterMagic);
  header.header_size = sizeof(WriterPage);
  header.byte_order_mark = kByteOrderMark;
  header.features = 0;
  header.pool = config.pool;
  header.generation = config.generation;
  header.first = config.first;
  header.slots = config.slots();
  header.ring_size = config.ring_size();
  header.holds = std::max(config.holds, config.most_holds);
  header.depth = config.depth;
  header.stride = config.stride();
  header.readers = config.readers + config.observers;
  header.spare = config.spare;
  header.loans = config.loans;
  page.head.store(config.first - 1, std::memory_order_relaxed);
  page.valid_from.store(config.first, std::memory_order_relaxed);
  page.bound.store(config.bound, std::memory_order_relaxed);
  page.bell.store(config.bell, std::memory_order_relaxed);
}

void init_reader_page(std::span<std::byte> bytes, const ReaderConfig& config) {
  auto& page = place<ReaderPage>(bytes, "reader page");
  auto& header = page.header;
  stamp_header(header, kReaderMagic);
  header.holds = config.holds;
  header.policy = static_cast<std::uint32_t>(config.policy);
  header.depth = config.depth;
  header.wire = config.wire;
  header.join = config.join;
  page.floor.store(config.join, std::memory_order_relaxed);
  page.next.store(config.join, std::memory_order_relaxed);
}

void init_host_page(std::span<std::byte> bytes, std::uint32_t wires, std::uint32_t workers) {
  auto& page = place<HostPage>(bytes, "host page");
  stamp_header(page.header, kHostMagic);
  page.header.wires = wires;
  page.header.workers = workers;
}

void init_status_page(std::span<std::byte> bytes) {
  stamp_header(place<StatusPage>(bytes, "status page").header, kStatusMagic);
}

void set_state(StatusPage& status, WorkerState state,
               std::chrono::steady_clock::time_point now) noexcept {
  const auto since = static_cast<std::uint64_t>(now.time_since_epoch().count());
  status.since.store(since, std::memory_order_relaxed);
  status.state.store(static_cast<std::uint32_t>(state), std::memory_order_release);
}

WriterHeader checked_writer_header(std::span<const std::byte> bytes) {
  const auto header =
      copy_once(checked_place<const WriterPage>(bytes, kWriterMagic, "writer page").header);
  const bool sane =
      header.header_size == sizeof(WriterPage) && header.byte_order_mark == kByteOrderMark &&
      header.features == 0 && header.slots >= 1 && header.slots <= kMaxSlots &&
      std::has_single_bit(header.ring_size) && header.ring_size > header.depth + header.spare &&
      header.ring_size <= 2 * kMaxSlots && header.holds >= 1 && header.holds <= kMaxHolds &&
      header.depth >= 1 && header.depth < header.slots && header.stride >= kSlotAlignment &&
      header.stride % kSlotAlignment == 0 && header.stride <= (std::uint64_t{1} << 40) &&
      header.readers <= kMaxReaders && header.spare < header.slots && header.loans < header.slots &&
      header.first >= 1 && header.generation >= 1 && header.generation <= kMaxGeneration &&
      header.pool <= kMaxPool;
  if (!sane) throw WireCorrupt("writer page: its header is not one of this format");
  if (bytes.size() < writer_page_size(header.ring_size, header.slots)) {
    throw WireCorrupt("writer page: " + std::to_string(bytes.size()) + " bytes are too few for " +
                      std::to_string(header.ring_size) + " entries and " +
                      std::to_string(header.slots) + " slots");
  }
  return header;
}

WriterPage& writer_page(std::span<std::byte> bytes) {
  checked_writer_header(bytes);
  return place<WriterPage>(bytes, "writer page");
}

ReaderPage& reader_page(std::span<std::byte> bytes) {
  auto& page = checked_place<ReaderPage>(bytes, kReaderMagic, "reader page");
  const auto header = copy_once(page.header);
  if (header.holds < 1 || header.holds > kMaxHolds || header.policy > 2 || header.depth < 1 ||
      header.depth > kMaxSlots || header.join < 1) {
    throw WireCorrupt("reader page: its header is not one of this format");
  }
  return page;
}

HostPage& host_page(std::span<std::byte> bytes) {
  auto& page = checked_place<HostPage>(bytes, kHostMagic, "host page");
  const auto header = copy_once(page.header);
  if (bytes.size() < host_page_size(header.wires, header.workers)) {
    throw WireCorrupt("host page: too small for its " + std::to_string(header.wires) +
                      " wires and " + std::to_string(header.workers) + " workers");
  }
  return page;
}

StatusPage& status_page(std::span<std::byte> bytes) {
  return checked_place<StatusPage>(bytes, kStatusMagic, "status page");
}

}  // namespace vcengine::wire
