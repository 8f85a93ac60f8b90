#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine {

/// The last lines that a block wrote, for whoever asks what led to its death.
class RecentLines {
 public:
  static constexpr std::size_t kLines = 30;
  static constexpr std::size_t kMaxLine = 500;  ///< bytes kept of each

  void add(std::string_view line) {
    if (lines_.size() == kLines) lines_.pop_front();
    lines_.emplace_back(line.substr(0, kMaxLine));
  }
  std::vector<std::string> all() const { return {lines_.begin(), lines_.end()}; }

 private:
  std::deque<std::string> lines_;
};

}  // namespace vcengine
