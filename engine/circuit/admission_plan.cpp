#include <algorithm>
#include <map>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"

namespace vcengine {
namespace {

/// Of each block: does it, or one that its frames reach, take frames of several inputs?
std::vector<bool> leads_to_meeting(const FlowGraph& triggering) {
  auto blocks = triggering.in_order();
  std::ranges::reverse(blocks);  // each now before those that feed it
  std::vector<bool> leads(blocks.size());
  for (const auto block : blocks) {
    leads[block] = leads[block] || triggering.into(block).size() > 1;
    if (!leads[block]) continue;
    for (const auto wire : triggering.into(block)) leads[triggering.writer(wire)] = true;
  }
  return leads;
}

/// A live source waits for nobody: each wire out of it keeps the newest frame. But frames that will
/// meet again must be dropped together, which only the source can do; so those wires wait, and the
/// source asks first.
void choose_policies(Draft& draft, const FlowGraph& triggering, const std::vector<bool>& meets) {
  for (std::size_t block = 0; block < draft.plan.blocks.size(); ++block) {
    if (!draft.plan.blocks[block].live) continue;
    for (const auto wire : triggering.out_of(block)) {
      auto& planned = draft.plan.wires[wire];
      if (draft.links[wire].spec->policy) continue;  // the user knows better
      planned.policy = meets[planned.to_block] ? WirePolicy::wait : WirePolicy::drop_oldest;
    }
  }
}

/// None if no frame of the source meets another.
AdmissionGroup group_of(std::size_t source, const Plan& plan, const FlowGraph& triggering,
                        const std::vector<bool>& meets) {
  const FlowGraph waiting(plan, [&](std::size_t wire) {
    return !plan.wires[wire].latest && plan.wires[wire].policy == WirePolicy::wait;
  });
  FlowGraph::Blocks heads(plan.blocks.size());
  for (const auto wire : waiting.out_of(source)) {
    const auto to = plan.wires[wire].to_block;
    if (meets[to]) heads[to] = true;
  }
  const auto is_member = waiting.behind(heads, kNoWire);

  AdmissionGroup group;
  group.source = source;
  std::map<std::size_t, std::size_t> index_of;
  for (const auto block : waiting.in_order()) {
    if (!is_member[block]) continue;
    AdmissionGroup::Member member;
    member.block = block;
    member.joins = triggering.into(block).size() > 1;
    for (const auto wire : waiting.into(block)) {
      const auto writer = index_of.find(plan.wires[wire].from_block);
      if (writer == index_of.end()) continue;
      if (std::ranges::find(member.after, writer->second) == member.after.end())
        member.after.push_back(writer->second);
    }
    if (member.joins) group.meets.push_back(block);
    index_of[block] = group.members.size();
    group.members.push_back(std::move(member));
  }
  for (const auto wire : waiting.out_of(source)) {
    if (is_member[plan.wires[wire].to_block]) group.wires.push_back(wire);
  }
  return group;
}

}  // namespace

void plan_admission(Draft& draft) {
  const auto triggering = triggering_wires(draft.plan);
  const auto meets = leads_to_meeting(triggering);
  choose_policies(draft, triggering, meets);
  for (std::size_t block = 0; block < draft.plan.blocks.size(); ++block) {
    if (!draft.plan.blocks[block].live) continue;
    auto group = group_of(block, draft.plan, triggering, meets);
    if (!group.members.empty()) draft.plan.groups.push_back(std::move(group));
  }
}

}  // namespace vcengine
