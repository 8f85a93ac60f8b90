#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"
#include "engine/control/nearest_word.hpp"

namespace vcengine {
namespace {

using Blocks = std::set<std::size_t>;

/// Those that each of the wires brings something of.
Blocks shared(const FlowGraph& triggering, const std::vector<std::size_t>& wires,
              const std::vector<Blocks>& of_block) {
  auto common = of_block[triggering.writer(wires.front())];
  for (const auto wire : wires) {
    const auto& others = of_block[triggering.writer(wire)];
    std::erase_if(common, [&](std::size_t block) { return !others.contains(block); });
  }
  return common;
}

Blocks all_of(const FlowGraph& triggering, const std::vector<std::size_t>& wires,
              const std::vector<Blocks>& of_block) {
  Blocks all;
  for (const auto wire : wires) all.merge(Blocks(of_block[triggering.writer(wire)]));
  return all;
}

/// "'left' comes from camera"
std::string describe(const Draft& draft, std::size_t wire, const Blocks& sources) {
  std::string names;
  for (const auto source : sources)
    names += (names.empty() ? "" : " and ") + draft.plan.blocks[source].name;
  return '\'' + draft.plan.wires[wire].to_port + "' comes from " + names;
}

/// Without a rule, frames match by equal stamps, which only those of one source have.
void refuse_strangers(Draft& draft, std::size_t block, const std::vector<std::size_t>& wires,
                      const std::vector<Blocks>& sources) {
  const auto of = [&](std::size_t wire) { return sources[draft.plan.wires[wire].from_block]; };
  auto common = of(wires.front());
  for (const auto wire : wires) {
    const auto others = of(wire);
    std::erase_if(common, [&](std::size_t source) { return !others.contains(source); });
    if (!common.empty()) continue;
    draft.error(draft.links[wire].spec->to.place,
                "the inputs of '" + draft.plan.blocks[block].name +
                    "' share no source, so their frames never match: " +
                    describe(draft, wires.front(), of(wires.front())) + ", " +
                    describe(draft, wire, others) +
                    " (if they are of one moment, say how far apart: 'sync: {tolerance: 15ms}'; "
                    "if their stamps are equal all the same: 'sync: {by: stamp}')");
    return;
  }
}

/// What was matched within a tolerance carries the stamp of the earliest frame, which may be that
/// of any source.
void warn_of_mixed_stamps(Draft& draft, std::size_t block, const std::vector<std::size_t>& wires) {
  for (const auto wire : wires) {
    for (const auto origin : draft.stamp_origins[draft.plan.wires[wire].from_block]) {
      const auto& mixer = draft.plan.blocks[origin];
      if (mixer.is_source) continue;
      draft.warn(draft.links[wire].spec->to.place,
                 "'" + draft.plan.blocks[block].name + "' matches equal stamps, but '" +
                     mixer.name +
                     "' puts different ones together and goes on with the earliest: not every "
                     "frame will find its partner; take the other inputs from behind '" +
                     mixer.name + "' too");
      return;
    }
  }
}

void refuse_single_input(Draft& draft, std::size_t block, const std::vector<std::size_t>& wires) {
  const auto& spec = draft.circuit.blocks[block];
  if (!spec.sync || spec.sync->from_defaults) return;
  draft.error(
      spec.sync->place,
      "'sync' matches the frames of several inputs, but " +
          (wires.empty() ? "none" : "only '" + draft.plan.wires[wires.front()].to_port + '\'') +
          " of '" + spec.name + "' is wired; leave it out");
}

bool may_be_missing(const Draft& draft, std::size_t wire) {
  const auto* input = draft.links[wire].input;
  return input->optional || input->many;
}

void refuse_partial(Draft& draft, const BlockSpec& spec, const std::vector<std::size_t>& wires) {
  std::vector<std::string> names;
  names.reserve(wires.size());
  for (const auto wire : wires) names.push_back(draft.plan.wires[wire].to_port);
  draft.error(spec.sync->on_miss_place, "all inputs of '" + spec.name +
                                            "' are needed in each call: " + join(names) +
                                            "; 'on_miss: partial' has none to leave out");
}

/// What the file says of this block; of a default, what it can have.
SyncRule rule_for(Draft& draft, std::size_t block, const std::vector<std::size_t>& wires,
                  bool equal_stamps) {
  const auto& spec = draft.circuit.blocks[block];
  if (!spec.sync) return {};
  auto rule = spec.sync->rule;
  const bool none_to_leave_out =
      std::ranges::none_of(wires, [&](std::size_t wire) { return may_be_missing(draft, wire); });
  if (spec.sync->from_defaults) {
    if (equal_stamps) {
      rule.by = SyncRule::By::stamp;
      rule.tolerance = {};
    }
    rule.partial = rule.partial && !none_to_leave_out;
  } else if (rule.partial && none_to_leave_out) {
    refuse_partial(draft, spec, wires);
  }
  return rule;
}

}  // namespace

void check_sync(Draft& draft) {
  const auto triggering = triggering_wires(draft.plan);
  std::vector<Blocks> sources(draft.plan.blocks.size());
  auto& origins = draft.stamp_origins;
  origins.resize(draft.plan.blocks.size());
  for (const auto block : triggering.in_order()) {
    const auto& wires = triggering.into(block);
    if (wires.empty()) {
      sources[block] = origins[block] = {block};
    } else {
      sources[block] = all_of(triggering, wires, sources);
      origins[block] = all_of(triggering, wires, origins);
    }
    if (wires.size() < 2) {
      refuse_single_input(draft, block, wires);
      continue;
    }
    const bool equal_stamps = !shared(triggering, wires, origins).empty();
    auto& rule = draft.plan.blocks[block].sync;
    rule = rule_for(draft, block, wires, equal_stamps);
    // Whose stamp a match carries then differs from match to match.
    if (rule.by == SyncRule::By::order || rule.tolerance.count() > 0) origins[block] = {block};
    if (draft.circuit.blocks[block].sync) continue;
    if (shared(triggering, wires, sources).empty()) {
      refuse_strangers(draft, block, wires, sources);
    } else if (!equal_stamps) {
      warn_of_mixed_stamps(draft, block, wires);
    }
  }
}

}  // namespace vcengine
