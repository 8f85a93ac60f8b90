#include <string>

#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

std::string way_out(const Draft& draft, std::size_t wire) {
  if (draft.plan.wires[wire].latest) return ", as every wire into a Latest; leave out 'stall'";
  if (draft.links[wire].spec->policy) return "; leave out 'stall', or say 'policy: wait'";
  return ", for '" + draft.writer(wire).name +
         "' is live; leave out 'stall', or say 'policy: wait'";
}

}  // namespace

void check_stalls(Draft& draft) {
  for (std::size_t i = 0; i < draft.plan.wires.size(); ++i) {
    const auto& spec = *draft.links[i].spec;
    auto& wire = draft.plan.wires[i];
    if (!spec.stall) continue;
    if (wire.policy == WirePolicy::drop_oldest) {
      draft.error(spec.stall_place, "the wire into '" + draft.plan.wire_name(i) +
                                        "' drops frames and never stalls" + way_out(draft, i));
      continue;
    }
    wire.stall = spec.stall;
    if (!draft.plan.offline) continue;
    if (wire.latest || spec.policy == WirePolicy::drop_oldest) {
      wire.stall.reset();  // it drops, but for offline
    } else if (wire.stall->then == OnStall::drop_oldest) {
      wire.stall->then = OnStall::warn;  // nothing is dropped there
    }
  }
}

}  // namespace vcengine
