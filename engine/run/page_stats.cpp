#include "engine/run/page_stats.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace vcengine {

using enum std::memory_order;

namespace {

/// None before the first frame, or while the writer is about to take the entry for another one.
std::optional<std::chrono::nanoseconds> newest_stamp(const wire::WriterPage& writer,
                                                     std::uint32_t ring_size, std::uint64_t head) {
  if (head == 0) return std::nullopt;
  const auto& line = writer.ring()[head & (ring_size - 1)];
  const auto tag = line.tag.load(acquire) >> 32;
  const auto stamp = time_of(line.stamp);
  if (tag != (head & 0xffffffffU) || line.tag.load(acquire) >> 32 != tag) return std::nullopt;
  return stamp;
}

}  // namespace

std::chrono::nanoseconds time_of(const wire::Word64& word) noexcept {
  constexpr auto kLast = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(word.load(relaxed), kLast)));
}

std::optional<Quantiles> quantiles(const wire::Histogram& histogram) {
  std::array<std::uint64_t, wire::Histogram::kBuckets> counts{};
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts[i] = histogram.count[i].load(relaxed);
    total += counts[i];
  }
  if (total == 0) return std::nullopt;
  const auto at = [&](std::uint64_t percent) {
    const auto rank = std::max<std::uint64_t>((total * percent + 99) / 100, 1);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      below += counts[i];
      if (below >= rank) return std::chrono::nanoseconds(wire::Histogram::upper_bound(i));
    }
    return std::chrono::nanoseconds(wire::Histogram::upper_bound(counts.size() - 1));
  };
  return Quantiles{.p50 = at(50), .p99 = at(99)};
}

void read(const wire::StatusPage& page, BlockStats& block) {
  block.finished =
      page.state.load(acquire) == static_cast<std::uint32_t>(wire::WorkerState::finished);
  block.frames = page.processed.load(relaxed);
  block.exceptions = page.exceptions.load(relaxed);
  block.busy = page.busy.load(relaxed);
  block.partial = page.partial.load(relaxed);
  if (page.state.load(acquire) == static_cast<std::uint32_t>(wire::WorkerState::running)) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    block.at_work = std::max(now - time_of(page.since), std::chrono::nanoseconds(0));
  }
  block.process_time = quantiles(page.process_time);
  block.progress_done = page.progress_done.load(relaxed);
  block.progress_total = page.progress_total.load(relaxed);
}

void read(const wire::WriterPage& writer, std::uint32_t ring_size, const wire::ReaderPage& reader,
          WireStats& wire) {
  const auto join = reader.header.join;
  // The reader counts a drop before it moves on, and moves on before the writer can be ahead of it:
  // read in that order nothing is counted twice.
  const auto next = std::max(reader.next.load(acquire), join);
  std::uint64_t drops = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(wire::DropReason::count_); ++i) {
    const auto count = reader.drops[i].load(relaxed);
    drops += count;
    if (count > 0) {
      wire.dropped.emplace_back(to_string(static_cast<wire::DropReason>(i)), count);
    }
  }
  const auto head = std::max(writer.head.load(acquire), next - 1);
  wire.published = head + 1 - join;
  wire.taken = next - join - std::min(drops, next - join);
  wire.in_flight = head + 1 - next;
  wire.age = quantiles(reader.age);
  if (next > join && reader.born.load(relaxed) != 0) {
    wire.stamp = time_of(reader.stamp);
    wire.born = time_of(reader.born);
  }
  wire.newest_stamp = newest_stamp(writer, ring_size, head);
}

}  // namespace vcengine
