#include "engine/circuit/stall_search.hpp"

#include <vector>

namespace vcengine {

StallSearch::StallSearch(const Plan& plan)
    : plan_(plan), wires_(plan, [&](std::size_t wire) {
        return !plan.wires[wire].latest || plan.offline;  // else a Latest is never waited for
      }) {}

FlowGraph::Blocks StallSearch::stalled_by(std::size_t full) const {
  const auto feeding = wires_.before(wires_.writer(full));
  FlowGraph::Blocks going_on(plan_.blocks.size());
  for (std::size_t block = 0; block < going_on.size(); ++block)
    going_on[block] = plan_.blocks[block].live && !feeding[block];
  return stalled(full, going_on);
}

FlowGraph::Blocks StallSearch::stalled_without_live(std::size_t full) const {
  FlowGraph::Blocks going_on(plan_.blocks.size());
  for (std::size_t block = 0; block < going_on.size(); ++block)
    going_on[block] = plan_.blocks[block].live;
  return stalled(full, going_on);
}

FlowGraph::Blocks StallSearch::stalled(std::size_t full, const FlowGraph::Blocks& going_on) const {
  FlowGraph::Blocks stalled(plan_.blocks.size());
  std::vector<std::size_t> to_visit;
  const auto visit = [&](std::size_t block) {
    if (stalled[block] || going_on[block] || block == wires_.reader(full)) return;
    stalled[block] = true;
    to_visit.push_back(block);
  };
  if (plan_.wires[full].policy == WirePolicy::wait) visit(wires_.writer(full));
  while (!to_visit.empty()) {
    const auto block = to_visit.back();
    to_visit.pop_back();
    for (const auto wire : wires_.out_of(block)) visit(wires_.reader(wire));
    for (const auto wire : wires_.into(block)) {
      if (plan_.wires[wire].policy == WirePolicy::wait) visit(wires_.writer(wire));
    }
  }
  return stalled;
}

}  // namespace vcengine
