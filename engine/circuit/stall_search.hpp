/// What stands still when a queue is full.
#pragma once

#include <cstddef>

#include "engine/circuit/flow_graph.hpp"
#include "engine/circuit/plan.hpp"

namespace vcengine {

class StallSearch {
 public:
  /// Policies must be planned.
  explicit StallSearch(const Plan& plan);

  /// The blocks that will stand still sooner or later if the reader of `full` takes nothing from
  /// it: none if that wire drops; else its writer, whoever has to wait for one that stands still,
  /// because a wire between them waits, and whoever gets nothing any more. Not the reader itself. A
  /// live source that feeds `full` stands still too, for it lets frames in for all its branches or
  /// for none; others go on.
  FlowGraph::Blocks stalled_by(std::size_t full) const;
  /// The same, with all live sources going on.
  FlowGraph::Blocks stalled_without_live(std::size_t full) const;

 private:
  FlowGraph::Blocks stalled(std::size_t full, const FlowGraph::Blocks& going_on) const;

  const Plan& plan_;
  FlowGraph wires_;
};

}  // namespace vcengine
