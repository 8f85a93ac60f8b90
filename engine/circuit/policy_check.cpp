#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

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
    if (wire.latest) check_latest(draft, spec);
    wire.says_policy = spec.policy.has_value() && !draft.plan.offline;
    if (draft.plan.offline) {
      wire.policy = WirePolicy::wait;
    } else {
      wire.policy = wire.latest ? WirePolicy::drop_oldest : spec.policy.value_or(WirePolicy::wait);
    }
  }
}

}  // namespace vcengine
