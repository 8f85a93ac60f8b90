#include "engine/circuit/places_in_work.hpp"

#include <algorithm>

namespace vcengine {

std::vector<std::size_t> places_in_work(const Plan& plan) {
  const auto count = plan.blocks.size();
  std::vector<std::size_t> place(count, count);
  for (std::size_t next = 0; next < count; ++next) {
    const auto is_placed = [&](std::size_t block) { return place[block] != count; };
    const auto is_ready = [&](std::size_t block) {
      return std::ranges::all_of(plan.wires, [&](const PlannedWire& wire) {
        return wire.to_block != block || wire.from_block == block || is_placed(wire.from_block);
      });
    };
    std::size_t first = count;
    std::size_t ready = count;
    for (std::size_t block = count; block-- > 0;) {
      if (is_placed(block)) continue;
      first = block;
      if (is_ready(block)) ready = block;
    }
    place[ready != count ? ready : first] = next;
  }
  return place;
}

}  // namespace vcengine
