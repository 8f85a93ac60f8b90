#include "plot_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vcengine::bench {

namespace {

/// More than that between the smallest and the largest, and powers of ten are enough.
constexpr double kFineUpTo = 100;

struct Range {
  double low = 0, high = 0;

  void include(double value) {
    low = low == 0 ? value : std::min(low, value);
    high = std::max(high, value);
  }
};

Range range_of(const DotPlot& plot) {
  Range range;
  for (const auto& row : plot.rows) {
    for (const auto& dot : row.dots) {
      range.include(dot.value);
      if (dot.until) range.include(*dot.until);
    }
    if (row.goal) range.include(row.goal->value);
  }
  if (range.low <= 0) return {1, 1};
  return range;
}

PlotAxis::Line line_at(int digit, int power) {
  const auto value = digit * std::pow(10.0, power);
  if (power < 0) return {value, fmt::format("{:.{}f}", value, -power)};
  auto text = std::to_string(digit);
  for (int zeros = power; zeros > 0; --zeros) {
    if (zeros % 3 == 0) text += ' ';
    text += '0';
  }
  return {value, text};
}

}  // namespace

PlotAxis::PlotAxis(const DotPlot& plot, double left, double right) : left_(left), right_(right) {
  const auto [low, high] = range_of(plot);
  const bool is_fine = high <= low * kFineUpTo;
  const auto last = static_cast<int>(std::floor(std::log10(high))) + 1;
  for (auto power = static_cast<int>(std::floor(std::log10(low))); power <= last; ++power) {
    for (const int digit : {1, 2, 5}) {
      if (digit == 1 || is_fine) lines_.push_back(line_at(digit, power));
    }
  }
  // Those of these decades that nothing lies beyond.
  while (lines_.size() > 2 && lines_[1].value <= low) lines_.erase(lines_.begin());
  while (lines_.size() > 2 && lines_[lines_.size() - 2].value >= high) lines_.pop_back();
}

double PlotAxis::x(double value) const {
  const auto first = std::log10(lines_.front().value), last = std::log10(lines_.back().value);
  return left_ + (std::log10(value) - first) / (last - first) * (right_ - left_);
}

}  // namespace vcengine::bench
