#include "engine/show/status_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/show/terminal_text.hpp"

namespace vcengine {

namespace {

double done(const BlockStats& source) {
  const double part =
      static_cast<double>(source.progress_done) / static_cast<double>(source.progress_total);
  return std::min(1.0, part);
}

std::optional<std::size_t> source_furthest_from_its_end(const RunStats& stats) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < stats.blocks.size(); ++i) {
    const BlockStats& block = stats.blocks[i];
    if (block.progress_total == 0) continue;
    if (!found || done(block) < done(stats.blocks[*found])) found = i;
  }
  return found;
}

/// " 52%, 0:15 left", or nothing when no source knows its length.
std::string progress(const RunStats& stats, const RunHistory& history) {
  const auto source = source_furthest_from_its_end(stats);
  if (!source) return "";
  const BlockStats& block = stats.blocks[*source];
  std::string text = fmt::format(" {}%", static_cast<int>(100 * done(block)));
  const double rate = history.progress_rate(*source).value_or(0);
  if (rate > 0 && block.progress_done < block.progress_total) {
    // Beyond a month nobody cares; and the cast stays defined for any counter.
    constexpr double kLongest = 30.0 * 24 * 3600;
    const auto frames = static_cast<double>(block.progress_total - block.progress_done);
    const std::chrono::duration<double> left(std::min(kLongest, frames / rate));
    text += fmt::format(", {} left",
                        format_clock(std::chrono::duration_cast<std::chrono::nanoseconds>(left)));
  }
  return text;
}

std::optional<std::chrono::nanoseconds> age_of_what_is_shown(const RunStats& stats) {
  std::optional<std::chrono::nanoseconds> oldest;
  for (const WireStats& wire : stats.wires) {
    const std::string_view reader = std::string_view(wire.to).substr(0, wire.to.find('.'));
    const bool shown =
        std::any_of(stats.blocks.begin(), stats.blocks.end(),
                    [&](const auto& block) { return block.is_sink && block.name == reader; });
    if (shown && wire.age) oldest = std::max(oldest.value_or(wire.age->p50), wire.age->p50);
  }
  return oldest;
}

}  // namespace

std::string status_text(const RunStats& stats, const RunHistory& history, Glyphs glyphs) {
  std::string text = stats.circuit + progress(stats, history);
  if (const auto age = age_of_what_is_shown(stats)) {
    text += fmt::format(", age {}", format_duration(*age, glyphs));
  }
  std::uint64_t dropped = 0;
  for (const WireStats& wire : stats.wires) dropped += wire.dropped_total();
  text += fmt::format(", {} dropped", dropped);
  std::uint64_t busy = 0;
  for (const BlockStats& block : stats.blocks) busy += block.busy;
  if (busy > 0) text += fmt::format(", {} busy", busy);
  for (std::size_t i = 0; i < stats.blocks.size(); ++i) {
    const BlockStats& block = stats.blocks[i];
    if (!block.is_sink) continue;
    text += fmt::format(" | {} {}", block.name, block.frames);
    const auto rate = history.frame_rate(i);
    if (rate && !block.finished) text += fmt::format(", {}", format_rate(*rate));
  }
  return one_terminal_line(text);
}

}  // namespace vcengine
