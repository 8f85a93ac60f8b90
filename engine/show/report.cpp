#include "engine/show/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "engine/show/text_table.hpp"

namespace vcengine {

namespace {

using enum TextTable::Align;

/// In place of a figure of pages that were written over.
constexpr auto* kUnknown = "?";

std::string cell(const std::optional<Quantiles>& measured,
                 std::chrono::nanoseconds Quantiles::*part, Glyphs glyphs) {
  return measured ? format_duration((*measured).*part, glyphs) : "-";
}

/// "0", or "95 superseded, 5 unmatched": no frame is lost without a reason.
std::string dropped(const WireStats& wire) {
  std::string text;
  for (const auto& [reason, count] : wire.dropped) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, reason);
  }
  return text.empty() ? "0" : text;
}

/// Media time, to the millisecond, as io.print shows it.
std::string seconds(std::chrono::nanoseconds stamp) {
  return fmt::format("{:.3f} s", std::chrono::duration<double>(stamp).count());
}

std::string table_of_blocks(const RunStats& stats, Glyphs glyphs) {
  // Few circuits have live sources whose branches meet, or joins that take what is there.
  const auto any = [&](std::uint64_t BlockStats::*count) {
    return std::ranges::any_of(stats.blocks, [&](const auto& block) { return block.*count > 0; });
  };
  const bool busy = any(&BlockStats::busy);
  const bool partial = any(&BlockStats::partial);
  std::vector<TextTable::Column> columns{{"block"},         {"type"},
                                         {"frames", right}, {"process p50", right},
                                         {"p99", right},    {"exceptions", right}};
  if (busy) columns.push_back({"busy", right});
  if (partial) columns.push_back({"partial", right});
  TextTable table(std::move(columns));
  for (const BlockStats& block : stats.blocks) {
    std::vector<std::string> row{block.name,
                                 block.type,
                                 fmt::to_string(block.frames),
                                 cell(block.process_time, &Quantiles::p50, glyphs),
                                 cell(block.process_time, &Quantiles::p99, glyphs),
                                 fmt::to_string(block.exceptions)};
    if (busy) row.push_back(fmt::to_string(block.busy));
    if (partial) row.push_back(fmt::to_string(block.partial));
    if (block.damaged) std::fill(row.begin() + 2, row.end(), kUnknown);
    table.add_row(std::move(row));
  }
  return table.text();
}

std::string table_of_wires(const RunStats& stats, Glyphs glyphs) {
  const char* arrow = glyphs == Glyphs::utf8 ? "→" : "->";
  TextTable table({{"wire"},
                   {"policy"},
                   {"published", right},
                   {"taken", right},
                   {"dropped", right},
                   {"in flight", right},
                   {"stamp", right},
                   {"age p50", right},
                   {"p99", right}});
  for (const WireStats& wire : stats.wires) {
    std::vector<std::string> row{fmt::format("{} {} {}", wire.from, arrow, wire.to),
                                 fmt::format("{} {}", wire.policy, wire.depth),
                                 fmt::to_string(wire.published),
                                 fmt::to_string(wire.taken),
                                 dropped(wire),
                                 fmt::to_string(wire.in_flight),
                                 wire.stamp ? seconds(*wire.stamp) : "-",
                                 cell(wire.age, &Quantiles::p50, glyphs),
                                 cell(wire.age, &Quantiles::p99, glyphs)};
    if (wire.damaged) std::fill(row.begin() + 2, row.end(), kUnknown);
    table.add_row(std::move(row));
  }
  return table.text();
}

}  // namespace

std::string report(const RunStats& stats, Glyphs glyphs) {
  std::string text =
      fmt::format("{} ran for {}\n", stats.circuit, format_duration(stats.running, glyphs));
  if (!stats.blocks.empty()) text += "\n" + table_of_blocks(stats, glyphs);
  if (!stats.wires.empty()) text += "\n" + table_of_wires(stats, glyphs);
  return text;
}

}  // namespace vcengine
