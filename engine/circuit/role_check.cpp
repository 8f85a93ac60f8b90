#include <algorithm>

#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

struct Wiring {
  bool in = false;
  bool latest = false;
  bool out = false;
};

std::vector<Wiring> wiring_of(const Draft& draft) {
  std::vector<Wiring> wiring(draft.plan.blocks.size());
  for (const auto& wire : draft.plan.wires) {
    wiring[wire.from_block].out = true;
    (wire.latest ? wiring[wire.to_block].latest : wiring[wire.to_block].in) = true;
  }
  return wiring;
}

/// `rate:` and `live:` make sense only where no frame triggers the block.
void check_timing(Draft& draft, const BlockSpec& spec, PlannedBlock& block, const Wiring& wiring) {
  const auto& defaults = draft.circuit.defaults;
  if (!block.is_source) {
    const std::string reason = " is for blocks without inputs that trigger them; '" + spec.name +
                               "' runs when its inputs arrive";
    if (spec.rate_hz) draft.error(spec.rate_place, "'rate'" + reason);
    if (spec.live) draft.error(spec.live_place, "'live'" + reason);
    return;
  }
  block.rate_hz = spec.rate_hz ? spec.rate_hz : defaults.rate_hz;
  const auto live = spec.live ? spec.live : defaults.live;
  block.live = live.value_or(block.type.info.traits.live) && !draft.plan.offline;
  if (wiring.latest && !block.rate_hz) {
    draft.error(spec.place, "block '" + spec.name +
                                "' needs a 'rate': a Latest input is read, but never triggers it");
  }
}

}  // namespace

void check_roles(Draft& draft) {
  const auto wiring = wiring_of(draft);
  for (std::size_t i = 0; i < draft.plan.blocks.size(); ++i) {
    if (!draft.has_type[i]) continue;
    auto& block = draft.plan.blocks[i];
    const auto& ports = block.type.info.ports;
    // An input whose wire is wrong or missing was reported already; it counts as wired here.
    const bool waits = std::any_of(ports.begin(), ports.end(), [&](const PortInfo& port) {
      return port.role == PortRole::in &&
             (!port.optional || draft.wired_inputs.contains({i, port.name}));
    });
    block.is_source = !wiring[i].in && !waits;
    block.is_sink = !wiring[i].out;
    check_timing(draft, draft.circuit.blocks[i], block, wiring[i]);
  }
}

}  // namespace vcengine
