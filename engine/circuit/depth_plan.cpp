#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/path_lengths.hpp"

namespace vcengine {
namespace {

constexpr std::uint32_t kWaitDepth = 2;   // deeper queues only make old pictures
constexpr std::uint32_t kGroupDepth = 1;  // the source asks before it lets a frame in
constexpr std::uint32_t kDropDepth = 1;

/// Blocks of an admission group that one input feeds. The wire into them is of the group too.
std::vector<bool> admitted_blocks(const Plan& plan) {
  std::vector<bool> admitted(plan.blocks.size());
  for (const auto& group : plan.groups) {
    for (const auto& member : group.members) admitted[member.block] = !member.joins;
  }
  return admitted;
}

/// What the file says; but that of a wire that drops means nothing offline, where it waits.
std::optional<std::uint32_t> said_depth(const Draft& draft, std::size_t wire) {
  const auto& spec = *draft.links[wire].spec;
  const bool meant_to_drop =
      draft.plan.wires[wire].latest || spec.policy == WirePolicy::drop_oldest;
  return draft.plan.offline && meant_to_drop ? std::nullopt : spec.depth;
}

/// Where frames of several inputs meet, the shorter way holds what is still on the longer one.
std::uint32_t meeting_depth(Draft& draft, const PathLengths& paths, std::size_t wire) {
  const auto needed = std::max<std::uint64_t>(kWaitDepth, paths.queue_before_meeting(wire));
  if (needed <= kDeepestWire) return static_cast<std::uint32_t>(needed);
  draft.error(draft.links[wire].spec->to.place,
              "frames for '" + draft.plan.wire_name(wire) + "' would queue up here while " +
                  std::to_string(needed - 1) + " more are on a longer way to '" +
                  draft.reader(wire).name + "', but a wire holds at most " +
                  std::to_string(kDeepestWire) +
                  (paths.delay_beside(wire) < kDeepestWire
                       ? "; say 'depth: " + std::to_string(kDeepestWire) +
                             "', then the longer way works on fewer at a time"
                       : "; take them from a block further on"));
  return kDeepestWire;
}

}  // namespace

void plan_depths(Draft& draft) {
  const PathLengths paths(draft);
  const auto admitted = admitted_blocks(draft.plan);
  for (std::size_t i = 0; i < draft.plan.wires.size(); ++i) {
    auto& wire = draft.plan.wires[i];
    if (const auto depth = said_depth(draft, i)) {
      wire.depth = *depth;
      wire.says_depth = true;
    } else if (paths.meets_others(i)) {
      wire.depth = meeting_depth(draft, paths, i);
    } else if (wire.policy == WirePolicy::drop_oldest) {
      wire.depth = kDropDepth;
    } else {
      wire.depth = admitted[wire.to_block] ? kGroupDepth : kWaitDepth;
    }
  }
}

}  // namespace vcengine
