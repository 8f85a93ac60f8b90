#include "engine/run/page_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

namespace vcengine {

using enum std::memory_order;

namespace {

/// More frames than anybody counts: ten million a second for three years.
constexpr std::uint64_t kMostFrames = std::uint64_t{1} << 50;
constexpr auto kMostTime = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

PageDamage constants_changed() { return "its constants changed"; }

/// What only grows: remembers it for the next look.
PageDamage grew(std::string_view what, std::uint64_t& before, std::uint64_t now,
                std::uint64_t most = kMostFrames) {
  if (now < before) return fmt::format("{} went back from {} to {}", what, before, now);
  if (now > most) return fmt::format("{} is {}", what, now);
  before = now;
  return std::nullopt;
}

/// The number of what was measured; none if one count alone is more than there can be.
std::optional<std::uint64_t> total(std::span<const wire::Word64> counts) {
  std::uint64_t sum = 0;
  for (const auto& word : counts) {
    const auto count = word.load(acquire);
    if (count > kMostFrames) return std::nullopt;
    sum += count;
  }
  return sum;
}

}  // namespace

WriterPageWatch::WriterPageWatch(const wire::WriterPage& page)
    : page_(page),
      made_(page.header),
      head_(page.head.load(relaxed)),
      valid_from_(page.valid_from.load(relaxed)),
      bound_(page.bound.load(relaxed)) {}

PageDamage WriterPageWatch::look() {
  if (wire::copy_once(page_.header) != made_) return constants_changed();
  // In the reverse of the order in which they are written, as a reader looks.
  const auto end = page_.end.load(acquire);
  const auto valid_from = page_.valid_from.load(acquire);
  const auto head = page_.head.load(acquire);
  if (const auto damage = grew("the newest frame", head_, head)) return damage;
  if (const auto damage = grew("the oldest frame to be had", valid_from_, valid_from))
    return damage;
  if (const auto damage = grew("its bound", bound_, page_.bound.load(acquire), kMostTime)) {
    return damage;
  }
  if (valid_from > head + 1) {
    return fmt::format("the oldest frame to be had is {}, the newest {}", valid_from, head);
  }
  if (end != 0 && end != head + 1) {
    return fmt::format("its end is before frame {}, and the newest is {}", end, head);
  }
  if (const auto want = page_.want.load(acquire); want > 1) {
    return fmt::format("it wants room {} times", want);
  }
  return look_at_entries(head);
}

PageDamage WriterPageWatch::look_at_entries(std::uint64_t head) const {
  const auto entries = made_.ring_size;
  const auto oldest = std::max(made_.first, head + 1 - std::min<std::uint64_t>(head, entries));
  for (auto sequence = oldest; sequence <= head; ++sequence) {
    const auto& line = page_.ring()[sequence & (entries - 1)];
    const auto tag = line.tag.load(acquire);
    const auto kind = line.kind.load(acquire);
    // The next frame's entry takes the place of the oldest one, also before it is published.
    if (page_.head.load(acquire) + 1 >= sequence + entries) continue;
    const auto slot = static_cast<std::uint32_t>(tag);
    const auto slots = kind == 0 ? made_.slots : wire::kMaxSlots;
    if (tag >> 32 != (sequence & 0xffffffffU) || slot == 0 || slot > slots) {
      return fmt::format("the entry of frame {} is none", sequence);
    }
  }
  return std::nullopt;
}

ReaderPageWatch::ReaderPageWatch(const wire::ReaderPage& page, const wire::WriterPage& writer)
    : page_(page),
      writer_(writer),
      made_(page.header),
      next_(page.next.load(relaxed)),
      floor_(page.floor.load(relaxed)) {}

void ReaderPageWatch::begin_again() noexcept { ++taken_again_; }

PageDamage ReaderPageWatch::look() {
  if (wire::copy_once(page_.header) != made_) return constants_changed();
  // Counts before `next`, which is moved first, and all of it before the writer's head.
  const auto drops = total(page_.drops);
  const auto ages = total(page_.age.count);
  std::uint64_t newest_hold = 0;
  for (const auto& hold : std::span(page_.hold).first(made_.holds)) {
    newest_hold = std::max(newest_hold, hold.load(acquire));
  }
  const auto floor = page_.floor.load(acquire);
  const auto next = page_.next.load(acquire);
  const auto head = writer_.head.load(acquire);
  if (taken_again_ > 0 && next + 1 == next_ && next >= made_.join) next_ = next;
  if (const auto damage = grew("the next frame to take", next_, next)) return damage;
  if (const auto damage = grew("the frame below which all is taken", floor_, floor)) return damage;
  if (next > head + 1 || floor > head + 1) {
    return fmt::format("it is at frame {}, and the newest is {}", std::max(next, floor), head);
  }
  const auto passed = next - made_.join;
  if (!drops || *drops > passed || !ages || *ages > passed + taken_again_) {
    return fmt::format("it counts more frames than the {} that it passed", passed);
  }
  const auto unused = std::span(page_.hold).subspan(made_.holds);
  const auto is_set = [](const auto& word) { return word.load(acquire) != 0; };
  if (newest_hold > head || std::ranges::any_of(unused, is_set)) {
    return "it holds a frame that there never was";
  }
  if (page_.stamp.load(acquire) > kMostTime || page_.born.load(acquire) > kMostTime) {
    return "the times of the frame taken last are out of range";
  }
  const auto ticket = page_.waiting.load(acquire);
  if (ticket != 0 && ticket % 2 == 0) return "it waits in no known way";
  return std::nullopt;
}

StatusPageWatch::StatusPageWatch(const wire::StatusPage& page) : page_(page), made_(page.header) {}

PageDamage StatusPageWatch::look() {
  if (wire::copy_once(page_.header) != made_) return constants_changed();
  if (const auto state = page_.state.load(acquire);
      state > static_cast<std::uint32_t>(wire::WorkerState::finished)) {
    return fmt::format("its state is {}", state);
  }
  const auto since = page_.since.load(acquire);
  const auto at_work_since = page_.at_work_since.load(acquire);
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  if (since > static_cast<std::uint64_t>(now)) return "its state will begin in the future";
  if (at_work_since > static_cast<std::uint64_t>(now)) return "its call will begin in the future";
  const std::array<std::pair<std::string_view, std::uint64_t>, kCounts> counts{{
      {"the number of frames worked on", page_.processed.load(acquire)},
      {"the number of exceptions", page_.exceptions.load(acquire)},
      {"the number of frames dropped while busy", page_.busy.load(acquire)},
      {"the number of calls without an input", page_.partial.load(acquire)},
  }};
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (const auto damage = grew(counts[k].first, counts_[k], counts[k].second)) return damage;
  }
  if (page_.trigger.load(acquire) > kMostFrames || !total(page_.process_time.count)) {
    return "it counts more frames than there can be";
  }
  if (page_.kept_commits.load(acquire) > kMostFrames) {
    return "it kept its state more often than there can be frames";
  }
  return std::nullopt;
}

}  // namespace vcengine
