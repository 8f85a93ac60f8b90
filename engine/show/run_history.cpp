#include "engine/show/run_history.hpp"

#include <utility>

namespace vcengine {

void RunHistory::add(const RunStats& stats) {
  Snapshot snapshot{stats.running, {}};
  for (const BlockStats& block : stats.blocks) {
    snapshot.blocks.push_back({block.frames, block.progress_done});
  }
  if (!snapshots_.empty() && (snapshots_.back().running > snapshot.running ||
                              snapshots_.back().blocks.size() != snapshot.blocks.size())) {
    snapshots_.clear();
  }
  snapshots_.push_back(std::move(snapshot));
  while (snapshots_.size() > 1 && snapshots_[1].running <= stats.running - window_) {
    snapshots_.pop_front();
  }
}

std::optional<double> RunHistory::frame_rate(std::size_t block) const {
  return rate(block, &Counts::frames);
}

std::optional<double> RunHistory::progress_rate(std::size_t block) const {
  return rate(block, &Counts::progress);
}

std::optional<double> RunHistory::rate(std::size_t block, std::uint64_t Counts::*count) const {
  if (snapshots_.empty() || block >= snapshots_.front().blocks.size()) return std::nullopt;
  const Snapshot& first = snapshots_.front();
  const Snapshot& last = snapshots_.back();
  const std::chrono::duration<double> time = last.running - first.running;
  const std::uint64_t before = first.blocks[block].*count;
  const std::uint64_t now = last.blocks[block].*count;
  if (time.count() <= 0 || now < before) return std::nullopt;
  return static_cast<double>(now - before) / time.count();
}

}  // namespace vcengine
