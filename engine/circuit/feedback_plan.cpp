#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"

namespace vcengine {

void plan_feedback(Draft& draft) {
  const FlowGraph all_wires(draft.plan, [](std::size_t) { return true; });
  for (auto& wire : draft.plan.wires) {
    if (wire.latest) wire.feedback = all_wires.behind(wire.to_block)[wire.from_block];
  }
}

}  // namespace vcengine
