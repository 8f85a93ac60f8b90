#include "engine/conformance/growth_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vcengine {

namespace {

/// Bytes, descriptors or threads a frame; none if they do not grow steadily.
std::optional<double> steady_growth(std::span<const Usage> usage, std::size_t frames,
                                    std::int64_t Usage::*what, std::int64_t tolerance) {
  if (usage.size() < 3) return std::nullopt;
  const auto windows = usage.size() - 1;
  std::size_t growing = 0;
  bool lately = false;
  std::int64_t shrunk = 0;
  for (std::size_t i = 1; i <= windows; ++i) {
    const auto grown = usage[i].*what - usage[i - 1].*what;
    shrunk += std::max<std::int64_t>(-grown, 0);
    if (grown <= tolerance) continue;
    ++growing;
    lately = lately || i + 2 > windows;
  }
  const auto all = usage.back().*what - usage.front().*what;
  if (!lately || 2 * growing < windows || all <= tolerance || 4 * shrunk > all) return std::nullopt;
  return static_cast<double>(all) / static_cast<double>(windows * frames);
}

/// "96", "0.25"
std::string number(double value) {
  return value >= 10 ? fmt::format("{:.0f}", value) : fmt::format("{:.2g}", value);
}

}  // namespace

Usage least(const Usage& left, const Usage& right) {
  return {.heap = std::min(left.heap, right.heap),
          .resident = std::min(left.resident, right.resident),
          .descriptors = std::min(left.descriptors, right.descriptors),
          .threads = std::min(left.threads, right.threads)};
}

std::optional<std::string> growth_verdict(std::span<const Usage> usage, std::size_t frames) {
  constexpr std::int64_t kHeapNoise = 256;
  constexpr std::int64_t kPages = std::int64_t{64} << 10;
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (const auto rate = steady_growth(usage, frames, &Usage::heap, kHeapNoise)) {
    add("grows by " + number(*rate) + " bytes a frame");
  } else if (const auto pages = steady_growth(usage, frames, &Usage::resident, kPages)) {
    add("touches " + number(*pages) + " bytes more of memory a frame");
  }
  if (const auto rate = steady_growth(usage, frames, &Usage::descriptors, 0)) {
    add("leaves " + number(*rate) + " descriptors open a frame");
  }
  if (const auto rate = steady_growth(usage, frames, &Usage::threads, 0)) {
    add("leaves " + number(*rate) + " threads a frame behind");
  }
  if (text.empty()) return std::nullopt;
  return text + "; seen over " + std::to_string((usage.size() - 1) * frames) + " frames";
}

}  // namespace vcengine
