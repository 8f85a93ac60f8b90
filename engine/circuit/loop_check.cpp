#include <set>
#include <string>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"

namespace vcengine {
namespace {

/// The blocks on the loops that a wire closes.
FlowGraph::Blocks loop_of(const FlowGraph& all_wires, std::size_t closing) {
  auto blocks = all_wires.behind(all_wires.reader(closing));
  const auto before = all_wires.before(all_wires.writer(closing));
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = blocks[i] && before[i];
  return blocks;
}

}  // namespace

void check_loops(Draft& draft) {
  if (!draft.plan.offline) return;
  const FlowGraph all_wires(draft.plan, [](std::size_t) { return true; });
  std::set<const PortInfo*> late_outputs;
  std::set<std::size_t> joins;
  for (std::size_t closing = 0; closing < draft.plan.wires.size(); ++closing) {
    if (!draft.plan.wires[closing].feedback) continue;
    const auto loop = loop_of(all_wires, closing);
    const auto reason = ": offline the Latest '" + draft.plan.wire_name(closing) +
                        "' waits for all that comes before, round the loop, and so for itself; ";
    for (std::size_t i = 0; i < draft.links.size(); ++i) {
      const auto* output = draft.links[i].output;
      if (output->delayed == 0 || !loop[all_wires.writer(i)] || !loop[all_wires.reader(i)] ||
          !late_outputs.insert(output).second)
        continue;
      draft.error(draft.links[i].spec->place,
                  '\'' + draft.output_name(i) + "' " + draft.lateness(i) + reason +
                      "run it without --offline, or take it out of the loop");
    }
    for (std::size_t block = 0; block < loop.size(); ++block) {
      const auto& sync = draft.plan.blocks[block].sync;
      const bool by_order = sync.by == SyncRule::By::order;
      if (!loop[block] || (!by_order && sync.tolerance.count() == 0) || !joins.insert(block).second)
        continue;
      const auto& spec = *draft.circuit.blocks[block].sync;
      draft.error(by_order ? spec.by_place : spec.tolerance_place,
                  '\'' + draft.plan.blocks[block].name + "' does not match by equal stamps" +
                      reason + "run it without --offline, or match by equal stamps");
    }
  }
}

}  // namespace vcengine
