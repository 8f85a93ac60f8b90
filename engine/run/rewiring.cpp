#include "engine/run/rewiring.hpp"

#include <algorithm>
#include <utility>

#include "engine/circuit/places_in_work.hpp"

namespace vcengine {

using Phase = WorkerPhase;

Rewiring::Rewiring(SwappableRun& run, Plan next)
    : run_(run),
      next_(std::make_unique<Plan>(std::move(next))),
      match_(match_plans(run.plan(), *next_)) {
  for (const auto block : match_.changed) {
    const auto running = match_.blocks[block];
    // Who has ended stays ended, whatever its wires.
    if (running && (run_.phase(*running) == Phase::finished || run_.phase(*running) == Phase::gone))
      continue;
    candidates_.push_back(std::make_unique<Candidate>(run_, *next_, block, running));
  }
  for (const auto block : match_.leaving) leaving_.push_back({.block = block});
  const auto places = places_in_work(run_.plan());
  std::ranges::sort(leaving_, {}, [&](const Leaving& one) { return places[one.block]; });
}

void Rewiring::watch(PollSet& events) {
  for (const auto& candidate : candidates_) candidate->watch(events);
}

bool Rewiring::keeps_down(std::size_t block) const {
  const auto found = std::ranges::find(leaving_, block, &Leaving::block);
  return !problem_ && found != leaving_.end() && found->asked.has_value();
}

bool Rewiring::is_ready(Clock::time_point now) {
  if (problem_ || !all_loaded(now)) return false;
  bool ready = true;
  for (auto& leaving : leaving_) ready = has_left(leaving, now) && ready;
  return ready && !problem_;
}

bool Rewiring::all_loaded(Clock::time_point now) {
  bool all = true;
  for (const auto& candidate : candidates_) {
    candidate->check_times(now);
    if (const auto& problem = candidate->problem()) {
      problem_ = next_->blocks[candidate->block()].name + ": " + *problem;
      return false;
    }
    all = all && candidate->is_loaded();
  }
  return all;
}

bool Rewiring::has_left(Leaving& leaving, Clock::time_point now) {
  if (leaving.left) return true;
  const auto block = leaving.block;
  switch (run_.phase(block)) {
    case Phase::finished:
      return false;  // about to exit
    case Phase::gone:
      return leaving.left = true;
    case Phase::down:
      if (leaving.asked) return leaving.left = true;
      break;
    case Phase::running:
      break;
    default:
      return false;  // it has died, and its successor is on its way
  }
  if (!writers_have_left(block)) return false;
  if (!leaving.since) leaving.since = now;
  if (!leaving.asked) {
    if (!is_empty_before(block) && now - *leaving.since < kEmptyTime) return false;
    note_losses(block);
    leaving.asked = now;
    if (run_.phase(block) == Phase::down) return leaving.left = true;
    run_.ask_to_leave(block, is_removed(block) ? Leave::for_good : Leave::yes);
  } else if (now - *leaving.asked > kLeaveTime) {
    problem_ = run_.plan().blocks[block].name + " has been in process() for " +
               std::to_string(kLeaveTime.count()) + " s";
    run_.ask_to_leave(block, Leave::no);
  }
  return false;
}

/// In a ring, one of them has to go first: it does not wait for those behind it.
bool Rewiring::writers_have_left(std::size_t block) const {
  const auto& wires = run_.plan().wires;
  const auto place = [this](std::size_t one) {
    return std::ranges::find(leaving_, one, &Leaving::block);
  };
  return std::ranges::none_of(wires, [&](const PlannedWire& wire) {
    const auto writer = place(wire.from_block);
    return wire.to_block == block && writer < place(block) && !writer->left;
  });
}

bool Rewiring::is_removed(std::size_t block) const {
  return std::ranges::find(match_.blocks, block) == match_.blocks.end();
}

bool Rewiring::is_empty_before(std::size_t block) const {
  const auto& wires = run_.plan().wires;
  for (std::size_t wire = 0; wire < wires.size(); ++wire) {
    if (wires[wire].to_block == block && !wires[wire].latest && !match_.keeps_wire(wire) &&
        run_.waiting_on(wire) != 0) {
      return false;
    }
  }
  return true;
}

void Rewiring::note_losses(std::size_t block) {
  const auto& wires = run_.plan().wires;
  for (std::size_t wire = 0; wire < wires.size(); ++wire) {
    if (wires[wire].to_block != block || wires[wire].latest || match_.keeps_wire(wire)) continue;
    if (const auto lost = run_.waiting_on(wire); lost != 0) {
      losses_.push_back(std::to_string(lost) + " frames on the wire into " +
                        run_.plan().wire_name(wire));
    }
  }
}

}  // namespace vcengine
