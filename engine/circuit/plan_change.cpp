#include "engine/circuit/plan_change.hpp"

#include <algorithm>
#include <string_view>

#include "engine/circuit/plan_match.hpp"

namespace vcengine {

namespace {

using Sentences = std::vector<std::string>;

bool has_block(const Plan& plan, std::string_view name) {
  return std::ranges::find(plan.blocks, name, &PlannedBlock::name) != plan.blocks.end();
}

Sentences change_of_blocks(const Plan& running, const Plan& next) {
  Sentences sentences;
  for (const auto& block : next.blocks) {
    if (!has_block(running, block.name)) sentences.push_back("block " + block.name + " is new");
  }
  for (const auto& block : running.blocks) {
    if (!has_block(next, block.name)) sentences.push_back("block " + block.name + " is gone");
  }
  if (sentences.empty() && !std::ranges::equal(running.blocks, next.blocks, {}, &PlannedBlock::name,
                                               &PlannedBlock::name)) {
    sentences.emplace_back("its blocks come in another order");
  }
  return sentences;
}

/// "detect.edges -> view.image"
std::string ends_of(const Plan& plan, const PlannedWire& wire) {
  return plan.blocks[wire.from_block].name + "." + wire.from_port + " -> " +
         plan.blocks[wire.to_block].name + "." + wire.to_port;
}

Sentences change_of_wires(const Plan& running, const Plan& next) {
  Sentences sentences;
  const auto same_ends = [&](const Plan& plan, const PlannedWire& wire, const Plan& other) {
    return std::ranges::any_of(other.wires, [&](const PlannedWire& one) {
      return ends_of(other, one) == ends_of(plan, wire);
    });
  };
  for (const auto& wire : next.wires) {
    if (!same_ends(next, wire, running)) {
      sentences.push_back("the wire " + ends_of(next, wire) + " is new");
    }
  }
  for (const auto& wire : running.wires) {
    if (!same_ends(running, wire, next)) {
      sentences.push_back("the wire " + ends_of(running, wire) + " is gone");
    }
  }
  if (!sentences.empty()) return sentences;
  for (std::size_t wire = 0; wire < running.wires.size(); ++wire) {
    if (running.wires[wire] != next.wires[wire]) {
      sentences.push_back("the wire " + ends_of(next, next.wires[wire]) +
                          " has another policy, depth, stall or place");
    }
  }
  for (std::size_t output = 0; output < running.outputs.size(); ++output) {
    const auto& now = running.outputs[output];
    const auto& then = next.outputs[output];
    if (now == then) continue;
    const auto name = running.blocks[now.block].name + "." + now.port;
    sentences.push_back(now.type != then.type || now.record_fields != then.record_fields
                            ? "output " + name + " sends another type"
                            : "output " + name + " needs other shared memory");
  }
  return sentences;
}

Sentences change_of_wiring(const Plan& running, const Plan& next) {
  auto sentences = change_of_blocks(running, next);
  if (!sentences.empty()) return sentences;
  sentences = change_of_wires(running, next);
  if (!sentences.empty()) return sentences;
  if (running.clock != next.clock || running.offline != next.offline) {
    sentences.emplace_back("it goes by another clock");
  }
  // What a block is follows from its wires, its traits and what its neighbours are.
  for (std::size_t block = 0; block < running.blocks.size(); ++block) {
    const auto& now = running.blocks[block];
    const auto& then = next.blocks[block];
    if (now.live != then.live || now.is_source != then.is_source || now.is_sink != then.is_sink) {
      sentences.push_back("block " + now.name + " has another part in the circuit (`live:`)");
    }
  }
  if (sentences.empty() && running.groups != next.groups) {
    sentences.emplace_back("frames of a live source are let in for other blocks");
  }
  return sentences;
}

}  // namespace

PlanChange change_between(const Plan& running, const Plan& next) {
  PlanChange change;
  change.wiring = change_of_wiring(running, next);
  if (!change.wiring.empty()) return change;
  for (std::size_t block = 0; block < running.blocks.size(); ++block) {
    if (needs_another_process(running.blocks[block], next.blocks[block])) {
      change.workers.push_back(block);
    } else if (running.blocks[block].params != next.blocks[block].params) {
      change.settings.push_back(block);
    }
  }
  return change;
}

}  // namespace vcengine
