#include "engine/run/stall_watch.hpp"

#include <algorithm>

namespace vcengine {

using namespace std::chrono_literals;

namespace {

/// Who has waited for less may be about to be woken.
constexpr auto kPatience = 100ms;

}  // namespace

StallWatch::StallWatch(const Plan& plan)
    : plan_(plan), into_(plan.blocks.size()), out_of_(plan.blocks.size()) {
  for (std::size_t wire = 0; wire < plan.wires.size(); ++wire) {
    // A Latest is waited for offline alone; else it says nothing of whether its reader goes on.
    if (!plan.wires[wire].latest || plan.offline) into_[plan.wires[wire].to_block].push_back(wire);
    out_of_[plan.wires[wire].from_block].push_back(wire);
  }
}

std::optional<std::size_t> StallWatch::too_short(const std::vector<BlockNow>& blocks,
                                                 const std::vector<WireNow>& wires,
                                                 TimePoint now) const {
  const auto is_full = [&](std::size_t wire) {
    const auto& planned = plan_.wires[wire];
    return planned.policy == WirePolicy::wait && wires[wire].waits &&
           blocks[planned.to_block].doing != Doing::ended &&
           wires[wire].waiting >= wires[wire].depth;
  };
  // Its only input has a frame: it waits for nobody, but is stopped, or not woken yet.
  const auto is_about_to_take = [&](std::size_t block) {
    return blocks[block].doing == Doing::waits_for_input && into_[block].size() == 1 &&
           wires[into_[block].front()].waiting > 0;
  };
  // Of each block that waits for space: all whose next step could make it go on.
  for (std::size_t start = 0; start < blocks.size(); ++start) {
    if (blocks[start].doing != Doing::waits_for_space) continue;
    std::vector<bool> seen(blocks.size());
    std::vector<std::size_t> ring;
    const auto visit = [&](std::size_t block) {
      if (seen[block] || blocks[block].doing == Doing::ended) return;
      seen[block] = true;
      ring.push_back(block);
    };
    visit(start);
    std::optional<std::size_t> shortest;
    bool goes_on = false;
    for (std::size_t i = 0; i < ring.size() && !goes_on; ++i) {
      const auto block = ring[i];
      goes_on = blocks[block].doing == Doing::works || now - blocks[block].since < kPatience ||
                is_about_to_take(block);
      if (blocks[block].doing == Doing::waits_for_space) {
        for (const auto wire : out_of_[block]) {
          if (!is_full(wire)) continue;
          visit(plan_.wires[wire].to_block);
          if (!shortest || wires[wire].depth < wires[*shortest].depth) shortest = wire;
        }
      } else {
        for (const auto wire : into_[block]) visit(plan_.wires[wire].from_block);
      }
    }
    if (!goes_on && shortest) return shortest;
  }
  return std::nullopt;
}

}  // namespace vcengine
