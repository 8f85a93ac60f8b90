#include "engine/run/hot_swaps.hpp"

#include <utility>
#include <vector>

namespace vcengine {

using Phase = WorkerPhase;

void HotSwaps::begin(std::size_t block, PlannedBlock now, PlannedBlock next, OnOutcome on_outcome) {
  auto candidate = run_.launch_beside(block, next);
  swaps_.erase(block);  // its probation: another build is wanted already
  swaps_.emplace(block, Swap{.before = std::move(now),
                             .next = std::move(next),
                             .on_outcome = std::move(on_outcome),
                             .candidate = std::move(candidate),
                             .since = Clock::now()});
}

bool HotSwaps::is_under_way(std::size_t block) const {
  const auto found = swaps_.find(block);
  return found != swaps_.end() && found->second.stage != Stage::probation;
}

bool HotSwaps::holds(std::size_t block) const {
  const auto found = swaps_.find(block);
  return found != swaps_.end() && found->second.stage >= Stage::taking_over;
}

void HotSwaps::watch(PollSet& events) {
  for (const auto& [block, swap] : swaps_) {
    if (swap.stage != Stage::loading && swap.stage != Stage::waiting) continue;
    const auto& candidate = swap.candidate;
    if (candidate.process.control.fd() >= 0) {
      events.watch(candidate.process.control.fd(), POLLIN,
                   [this, block = block] { read_messages(block); });
    }
    events.watch(candidate.process.pidfd.get(), POLLIN,
                 [this, block = block] { candidate_ended(block); });
    for (const auto* lines : {&candidate.errors, &candidate.output}) {
      if (!lines->open()) continue;
      events.watch(lines->fd(), POLLIN, [this, block = block] {
        const auto found = swaps_.find(block);
        if (found != swaps_.end()) run_.read_lines_of(block, found->second.candidate, false);
      });
    }
  }
}

void HotSwaps::read_messages(std::size_t block) {
  const auto found = swaps_.find(block);
  if (found == swaps_.end()) return;
  auto& swap = found->second;
  try {
    bool closed = false;
    while (const auto message = swap.candidate.process.control.try_receive(closed)) {
      const auto event = event_named(text_of(message->body, "op"));
      if (event == WorkerEvent::hello && swap.candidate.phase == Phase::greeting) {
        swap.candidate.enter(Phase::loading);
        run_.load_beside(block, swap.next, swap.candidate, message->body);
      } else if (event == WorkerEvent::loaded && swap.candidate.phase == Phase::loading) {
        swap.candidate.enter(Phase::loaded);
        swap.stage = Stage::waiting;
        swap.since = Clock::now();
        look_at_place(block, swap, swap.since);
        return;  // it may be where it belongs by now
      } else if (event == WorkerEvent::failed) {
        return drop(block, text_of(message->body, "text"));
      } else {
        throw ChannelError("it sent '" + text_of(message->body, "op") + "' while " +
                           std::string(to_string(swap.candidate.phase)));
      }
    }
    if (closed) swap.candidate.process.control = Channel();  // pidfd says how it died
  } catch (const std::runtime_error& error) {
    drop(block, std::string("its control messages make no sense: ") + error.what());
  }
}

void HotSwaps::candidate_ended(std::size_t block) {
  const auto found = swaps_.find(block);
  if (found == swaps_.end() || found->second.stage > Stage::waiting) return;
  read_messages(block);  // its last words
  if (swaps_.contains(block)) drop(block, "");
}

void HotSwaps::look_at_place(std::size_t block, Swap& swap, Clock::time_point now) {
  switch (run_.phase_of(block)) {
    case Phase::running:
      if (!swap.asked_to_leave) {
        swap.asked_to_leave = true;
        run_.ask_to_leave(block, true);
      }
      if (now - swap.since > kLeaveTime) {
        run_.ask_to_leave(block, false);
        drop(block, "the block has been in process() for " + std::to_string(kLeaveTime.count()) +
                        " s, and is exchanged between two frames only");
      }
      break;
    case Phase::down:
      swap.stage = Stage::taking_over;
      swap.since = now;
      run_.take_place(block, swap.next, std::move(swap.candidate));
      break;
    case Phase::finished:
    case Phase::gone:
      drop(block, "the block has ended");
      break;
    default:
      break;  // it has died, and its successor of the old build is on its way
  }
}

void HotSwaps::check_times(Clock::time_point now) {
  std::vector<std::size_t> blocks;
  for (const auto& [block, swap] : swaps_) blocks.push_back(block);
  for (const auto block : blocks) {
    auto& swap = swaps_.at(block);
    switch (swap.stage) {
      case Stage::loading:
        if (now - swap.since > swap.next.supervision.start_timeout) {
          drop(block, "it hangs, " + std::string(to_string(swap.candidate.phase)));
        }
        break;
      case Stage::waiting:
        look_at_place(block, swap, now);
        break;
      case Stage::taking_over:
        break;
      case Stage::probation:
        if (now - swap.since > kProbation) swaps_.erase(block);
    }
  }
}

void HotSwaps::drop(std::size_t block, const std::string& why) {
  auto swap = std::move(swaps_.at(block));
  swaps_.erase(block);
  const auto end = run_.bury(block, swap.next, swap.candidate);
  swap.on_outcome(why.empty() ? end : why);
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
  if (found == swaps_.end() || found->second.stage < Stage::taking_over) return std::nullopt;
  auto swap = std::move(found->second);
  swaps_.erase(found);
  if (swap.stage == Stage::taking_over) {
    swap.on_outcome("it died before it ran; the build before it is back");
  }
  return std::move(swap.before);
}

void HotSwaps::stop() {
  while (!swaps_.empty()) {
    const auto block = swaps_.begin()->first;
    if (swaps_.begin()->second.stage <= Stage::waiting) {
      drop(block, "the circuit is stopping");
      continue;
    }
    auto swap = std::move(swaps_.begin()->second);
    swaps_.erase(block);
    if (swap.stage == Stage::taking_over) swap.on_outcome("the circuit is stopping");
  }
}

}  // namespace vcengine
