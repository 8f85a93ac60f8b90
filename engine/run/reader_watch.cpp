#include "engine/run/reader_watch.hpp"

#include <algorithm>

namespace vcengine {

using Doing = StallWatch::Doing;

ReaderWatch::ReaderWatch(const Plan& plan) : plan_(plan) {
  for (std::size_t wire = 0; wire < plan.wires.size(); ++wire) {
    if (const auto& rule = plan.wires[wire].stall) {
      watched_.push_back({.wire = wire, .after = rule->after});
    }
  }
}

std::vector<ReaderWatch::Finding> ReaderWatch::look(const std::vector<StallWatch::BlockNow>& blocks,
                                                    const std::vector<StallWatch::WireNow>& wires,
                                                    TimePoint now) {
  std::vector<Finding> found;
  for (auto& watched : watched_) {
    const bool takes = wires[watched.wire].next != watched.next;
    watched.next = wires[watched.wire].next;
    if (takes || !is_full(watched.wire, wires) || !is_at_fault(watched.wire, blocks, wires)) {
      if (watched.stalls && takes) {
        watched.stalls = false;
        found.push_back({watched.wire, false, now - watched.since});
      }
      if (!watched.stalls) watched.since = now;
      continue;
    }
    if (watched.stalls || now - watched.since < watched.after) continue;
    watched.stalls = true;
    found.push_back({watched.wire, true, now - watched.since});
  }
  return found;
}

void ReaderWatch::excuse_all(TimePoint now) {
  for (auto& watched : watched_) {
    if (!watched.stalls) watched.since = now;
  }
}

bool ReaderWatch::is_full(std::size_t wire, const std::vector<StallWatch::WireNow>& wires) const {
  return wires[wire].waits && wires[wire].waiting >= wires[wire].depth;
}

bool ReaderWatch::is_at_fault(std::size_t wire, const std::vector<StallWatch::BlockNow>& blocks,
                              const std::vector<StallWatch::WireNow>& wires) const {
  const auto reader = plan_.wires[wire].to_block;
  const auto none_of_its = [&](auto is_its, auto condition) {
    for (std::size_t i = 0; i < plan_.wires.size(); ++i) {
      if (is_its(plan_.wires[i]) && condition(i)) return false;
    }
    return true;
  };
  if (blocks[reader].down) return false;
  switch (blocks[reader].doing) {
    case Doing::ended:
      return false;
    case Doing::works:
      return true;
    case Doing::waits_for_space:  // its word stands, also when it is stopped and there is room
                                  // again
      return none_of_its([&](const PlannedWire& other) { return other.from_block == reader; },
                         [&](std::size_t other) { return is_full(other, wires); });
    case Doing::waits_for_input:  // perhaps for what decides which frames belong together
      return none_of_its(
          [&](const PlannedWire& other) { return other.to_block == reader && !other.latest; },
          [&](std::size_t other) { return !is_full(other, wires); });
  }
  return true;
}

}  // namespace vcengine
