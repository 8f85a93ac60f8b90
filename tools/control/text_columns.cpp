#include "tools/control/text_columns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vcengine {

std::string in_columns(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<std::size_t>& right) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool to_the_right = std::ranges::find(right, i) != right.end();
      line += to_the_right ? fmt::format("{:>{}}", row[i], widths[i])
                           : fmt::format("{:<{}}", row[i], widths[i]);
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string short_time(std::int64_t nanoseconds) {
  const auto milliseconds = nanoseconds / 1'000'000;
  const auto seconds = milliseconds / 1000;
  if (seconds < 1) return fmt::format("{}ms", milliseconds);
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}min {}s", seconds / 60, seconds % 60);
  return fmt::format("{}h {}min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace vcengine
