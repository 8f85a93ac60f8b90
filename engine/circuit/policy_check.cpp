#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

constexpr std::uint32_t kWaitDepth = 2;  // deeper queues only make old pictures

void check_latest(Draft& draft, const WireSpec& spec) {
  const auto reason = "a wire into the Latest '" + spec.to.block + '.' + spec.to.port +
                      "' is always drop_oldest of depth 1; leave out '";
  if (spec.policy == WirePolicy::wait) draft.error(spec.policy_place, reason + "policy'");
  if (spec.depth && *spec.depth != 1) draft.error(spec.depth_place, reason + "depth'");
}

}  // namespace

void check_policies(Draft& draft) {
  for (std::size_t i = 0; i < draft.links.size(); ++i) {
    const auto& spec = *draft.links[i].spec;
    auto& wire = draft.plan.wires[i];
    if (wire.latest) {
      check_latest(draft, spec);
      wire.policy = WirePolicy::drop_oldest;
      wire.depth = 1;
      continue;
    }
    // Frames of a live source that come too fast are dropped once, early, at the source.
    const auto usual =
        draft.plan.blocks[wire.from_block].live ? WirePolicy::drop_oldest : WirePolicy::wait;
    wire.policy = spec.policy.value_or(usual);
    wire.depth = spec.depth.value_or(wire.policy == WirePolicy::wait ? kWaitDepth : 1);
  }
}

}  // namespace vcengine
