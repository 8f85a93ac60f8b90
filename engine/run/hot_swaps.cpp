#include "engine/run/hot_swaps.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace vcengine {

using Phase = WorkerPhase;

void HotSwaps::begin(std::size_t block, std::shared_ptr<const Plan> next, OnOutcome on_outcome) {
  auto candidate = std::make_unique<Candidate>(run_, *next, block, block);
  end_probation(block);  // another build is wanted already
  swaps_.emplace(block, Swap{.next = std::move(next),
                             .before = run_.plan().blocks[block],
                             .on_outcome = std::move(on_outcome),
                             .candidate = std::move(candidate)});
}

bool HotSwaps::is_under_way(std::size_t block) const {
  const auto found = swaps_.find(block);
  return found != swaps_.end() && found->second.stage != Stage::probation;
}

bool HotSwaps::any_under_way() const {
  return std::ranges::any_of(
      swaps_, [](const auto& entry) { return entry.second.stage != Stage::probation; });
}

bool HotSwaps::holds(std::size_t block) const {
  const auto found = swaps_.find(block);
  return found != swaps_.end() && found->second.stage != Stage::waiting;
}

void HotSwaps::watch(PollSet& events) {
  for (const auto& [block, swap] : swaps_) {
    if (swap.stage == Stage::waiting) swap.candidate->watch(events);
  }
}

/// Here alone a swap takes its next step: what a PollSet calls may refer to its candidate.
void HotSwaps::check_times(Clock::time_point now) {
  std::vector<std::size_t> blocks;
  for (const auto& [block, swap] : swaps_) blocks.push_back(block);
  for (const auto block : blocks) {
    auto& swap = swaps_.at(block);
    if (swap.stage == Stage::probation && now - *swap.since > kProbation) end_probation(block);
    if (!swaps_.contains(block) || swap.stage != Stage::waiting) continue;
    swap.candidate->check_times(now);
    if (stops_) {
      drop(block, "the circuit is stopping");
    } else if (const auto problem = swap.candidate->problem()) {
      drop(block, *problem);
    } else if (swap.candidate->is_loaded()) {
      look_at_place(block, swap, now);
    }
  }
}

void HotSwaps::look_at_place(std::size_t block, Swap& swap, Clock::time_point now) {
  switch (run_.phase(block)) {
    case Phase::running:
      if (!swap.since) {
        swap.since = now;
        run_.ask_to_leave(block, Leave::yes);
      } else if (now - *swap.since > kLeaveTime) {
        run_.ask_to_leave(block, Leave::no);
        drop(block, "the block has been in process() for " + std::to_string(kLeaveTime.count()) +
                        " s, and is exchanged between two frames only");
      }
      break;
    case Phase::down:
      swap.stage = Stage::taking_over;
      builds_before_.insert_or_assign(
          block, run_.take_place(block, swap.next->blocks[block], swap.candidate->take()));
      break;
    case Phase::finished:
    case Phase::gone:
      drop(block, "the block has ended");
      break;
    default:
      break;  // it has died, and its successor of the old build is on its way
  }
}

/// What it would have gone back to is needed no longer.
void HotSwaps::end_probation(std::size_t block) {
  if (swaps_.erase(block) != 0) builds_before_.erase(block);
}

void HotSwaps::end_probations() {
  while (!swaps_.empty()) end_probation(swaps_.begin()->first);
}

void HotSwaps::drop(std::size_t block, const std::string& why) {
  const auto swap = std::move(swaps_.at(block));
  swaps_.erase(block);
  swap.on_outcome(why);
}

void HotSwaps::runs(std::size_t block) {
  const auto found = swaps_.find(block);
  if (found == swaps_.end() || found->second.stage != Stage::taking_over) return;
  found->second.stage = Stage::probation;
  found->second.since = Clock::now();
  std::exchange(found->second.on_outcome, {})({});  // whoever waits is waited for no longer
}

std::optional<PlannedBlock> HotSwaps::falls_back(std::size_t block) {
  const auto found = swaps_.find(block);
  if (found == swaps_.end() || found->second.stage == Stage::waiting) return std::nullopt;
  auto swap = std::move(found->second);
  swaps_.erase(found);
  swap.before.type.plugin = builds_before_[block].path();
  if (!builds_before_[block].is_replaced()) builds_before_.erase(block);
  if (swap.stage == Stage::taking_over) {
    swap.on_outcome("it died before it ran; the build before it is back");
  }
  return std::move(swap.before);
}

}  // namespace vcengine
