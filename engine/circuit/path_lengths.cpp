#include "engine/circuit/path_lengths.hpp"

#include <algorithm>

namespace vcengine {

PathLengths::PathLengths(const Draft& draft)
    : awaited_(awaited_wires(draft.plan)), over_(draft.plan.wires.size()) {
  for (const auto block : awaited_.in_order()) {
    Way here;
    for (const auto wire : awaited_.into(block)) here = longest(here, over_[wire]);
    for (const auto wire : awaited_.out_of(block)) {
      const std::uint64_t delay = draft.links[wire].output->delayed;
      over_[wire] = {
          .blocks = here.blocks + 1, .delay = here.delay + delay, .steps = here.steps + 1 + delay};
    }
  }
}

PathLengths::Way PathLengths::longest(const Way& one, const Way& other) {
  return {.blocks = std::max(one.blocks, other.blocks),
          .delay = std::max(one.delay, other.delay),
          .steps = std::max(one.steps, other.steps)};
}

bool PathLengths::meets_others(std::size_t wire) const {
  const auto& wires = awaited_.into(awaited_.reader(wire));
  return wires.size() > 1 && std::ranges::find(wires, wire) != wires.end();
}

PathLengths::Way PathLengths::beside(std::size_t wire) const {
  Way others;
  for (const auto other : awaited_.into(awaited_.reader(wire))) {
    if (other != wire) others = longest(others, over_[other]);
  }
  return others;
}

std::uint64_t PathLengths::queue_before_meeting(std::size_t wire) const {
  const auto others = beside(wire);
  const auto lag = others.steps - std::min(others.steps, over_[wire].blocks);
  // However long this way is, its other wires may have been told to hold little.
  return std::max(lag, others.delay) + 1;
}

}  // namespace vcengine
