/// Rates of a running circuit over the last seconds, from successive snapshots: what it does now,
/// not on average since it started.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "engine/run/run_stats.hpp"

namespace vcengine {

class RunHistory {
 public:
  explicit RunHistory(std::chrono::nanoseconds window = std::chrono::seconds{3})
      : window_(window) {}

  /// Snapshots of one circuit in the order of their time. Time or blocks that do not continue what
  /// was there before begin a new history.
  void add(const RunStats& stats);

  /// Per second, of the block with this index; none before there are two snapshots, and over a
  /// restart of its worker, which counts from 0 again.
  std::optional<double> frame_rate(std::size_t block) const;
  std::optional<double> progress_rate(std::size_t block) const;

 private:
  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t progress = 0;
  };
  struct Snapshot {
    std::chrono::nanoseconds running{0};
    std::vector<Counts> blocks;
  };

  std::optional<double> rate(std::size_t block, std::uint64_t Counts::*count) const;

  std::chrono::nanoseconds window_;
  std::deque<Snapshot> snapshots_;  // at most one of them older than the window
};

}  // namespace vcengine
