#include "engine/circuit/flow_graph.hpp"

namespace vcengine {

FlowGraph::FlowGraph(const Plan& plan, const Chosen& chosen)
    : plan_(plan), into_(plan.blocks.size()), out_of_(plan.blocks.size()) {
  for (std::size_t wire = 0; wire < plan.wires.size(); ++wire) {
    if (!chosen(wire)) continue;
    into_[plan.wires[wire].to_block].push_back(wire);
    out_of_[plan.wires[wire].from_block].push_back(wire);
  }
}

FlowGraph::Blocks FlowGraph::only(std::size_t block) const {
  Blocks blocks(into_.size());
  blocks[block] = true;
  return blocks;
}

FlowGraph::Blocks FlowGraph::behind(std::size_t start) const {
  return behind(only(start), kNoWire);
}

FlowGraph::Blocks FlowGraph::behind(const Blocks& start, std::size_t without_wire) const {
  auto reached = start;
  std::vector<std::size_t> to_visit;
  for (std::size_t block = 0; block < start.size(); ++block) {
    if (start[block]) to_visit.push_back(block);
  }
  while (!to_visit.empty()) {
    const auto block = to_visit.back();
    to_visit.pop_back();
    for (const auto wire : out_of_[block]) {
      const auto next = plan_.wires[wire].to_block;
      if (wire == without_wire || reached[next]) continue;
      reached[next] = true;
      to_visit.push_back(next);
    }
  }
  return reached;
}

FlowGraph::Blocks FlowGraph::before(std::size_t end) const {
  auto reached = only(end);
  std::vector<std::size_t> to_visit{end};
  while (!to_visit.empty()) {
    const auto block = to_visit.back();
    to_visit.pop_back();
    for (const auto wire : into_[block]) {
      const auto next = plan_.wires[wire].from_block;
      if (reached[next]) continue;
      reached[next] = true;
      to_visit.push_back(next);
    }
  }
  return reached;
}

std::vector<std::size_t> FlowGraph::in_order() const {
  std::vector<std::size_t> missing(into_.size());
  std::vector<std::size_t> order;
  order.reserve(into_.size());
  for (std::size_t block = 0; block < into_.size(); ++block) {
    missing[block] = into_[block].size();
    if (missing[block] == 0) order.push_back(block);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const auto wire : out_of_[order[i]]) {
      const auto next = plan_.wires[wire].to_block;
      if (--missing[next] == 0) order.push_back(next);
    }
  }
  return order;
}

FlowGraph triggering_wires(const Plan& plan) {
  return {plan, [&](std::size_t wire) { return !plan.wires[wire].latest; }};
}

FlowGraph awaited_wires(const Plan& plan) {
  return {plan, [&](std::size_t wire) {
            return !plan.wires[wire].latest || (plan.offline && !plan.wires[wire].feedback);
          }};
}

}  // namespace vcengine
