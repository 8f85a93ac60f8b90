#include "engine/show/report.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "engine/show/text_table.hpp"

namespace vcengine {

namespace {

using enum TextTable::Align;

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

std::string table_of_blocks(const RunStats& stats, Glyphs glyphs) {
  TextTable table({{"block"},
                   {"type"},
                   {"frames", right},
                   {"process p50", right},
                   {"p99", right},
                   {"exceptions", right}});
  for (const BlockStats& block : stats.blocks) {
    table.add_row({block.name, block.type, fmt::to_string(block.frames),
                   cell(block.process_time, &Quantiles::p50, glyphs),
                   cell(block.process_time, &Quantiles::p99, glyphs),
                   fmt::to_string(block.exceptions)});
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
                   {"age p50", right},
                   {"p99", right}});
  for (const WireStats& wire : stats.wires) {
    table.add_row({fmt::format("{} {} {}", wire.from, arrow, wire.to),
                   fmt::format("{} {}", wire.policy, wire.depth), fmt::to_string(wire.published),
                   fmt::to_string(wire.taken), dropped(wire), fmt::to_string(wire.in_flight),
                   cell(wire.age, &Quantiles::p50, glyphs),
                   cell(wire.age, &Quantiles::p99, glyphs)});
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
