#include <algorithm>
#include <map>

#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

// Address space, not memory: only touched pages cost any.
constexpr std::uint64_t kNumber = 4096;
constexpr std::uint64_t kAnythingElse = std::uint64_t{64} << 20U;

/// The port that declares the record type an output sends: itself, or any of the circuit where the
/// output only passes frames on.
const PortInfo* record_declaration(const Draft& draft, const PlannedOutput& output) {
  const auto* sender = draft.links[output.wires.front()].output;
  if (sender->record_size > 0) return sender;
  for (const auto& block : draft.plan.blocks) {
    for (const auto& port : block.type.info.ports) {
      if (port.type == output.type && port.record_size > 0) return &port;
    }
  }
  return nullptr;
}

std::uint64_t usual_capacity(const TypeName& type, const PortInfo* record) {
  if (type == "number") return kNumber;
  return record != nullptr ? record->record_size : kAnythingElse;
}

/// The largest that a wire of the output asks for, else what is usual for its type.
std::uint64_t capacity_of(const Draft& draft, const PlannedOutput& output, const PortInfo* record) {
  std::uint64_t capacity = 0;
  for (const auto wire : output.wires) {
    capacity = std::max(capacity, draft.links[wire].spec->capacity.value_or(0));
  }
  return capacity > 0 ? capacity : usual_capacity(output.type, record);
}

/// Must each block be told what will not come any more? Those that match several inputs must, those
/// with a Latest that goes by stamps, those that a live source looks at; and all on the way there.
std::vector<bool> needs_bounds(const Plan& plan) {
  std::vector<std::size_t> triggers(plan.blocks.size());
  std::vector<bool> needs(plan.blocks.size());
  for (const auto& wire : plan.wires) {
    if (!wire.latest) {
      ++triggers[wire.to_block];
    } else if (plan.offline) {
      needs[wire.to_block] = true;
    }
  }
  for (std::size_t block = 0; block < needs.size(); ++block) {
    needs[block] = needs[block] || triggers[block] > 1;
  }
  for (const auto& group : plan.groups) {
    for (const auto& member : group.members) needs[member.block] = true;
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& wire : plan.wires) {
      if ((wire.latest && !plan.offline) || needs[wire.from_block] || !needs[wire.to_block]) {
        continue;
      }
      needs[wire.from_block] = changed = true;
    }
  }
  return needs;
}

}  // namespace

void plan_outputs(Draft& draft) {
  auto& outputs = draft.plan.outputs;
  std::map<const PortInfo*, std::size_t> index_of;
  for (std::size_t i = 0; i < draft.links.size(); ++i) {
    const auto& link = draft.links[i];
    auto& wire = draft.plan.wires[i];
    const auto [entry, is_new] = index_of.try_emplace(link.output, outputs.size());
    if (is_new) {
      PlannedOutput output;
      output.block = wire.from_block;
      output.port = wire.from_port;
      output.type = link.type;
      output.delayed = link.output->delayed;
      outputs.push_back(std::move(output));
    }
    wire.from_output = entry->second;
    outputs[entry->second].wires.push_back(i);
  }
  const auto needs = needs_bounds(draft.plan);
  for (auto& output : outputs) {
    const auto* record = record_declaration(draft, output);
    if (record != nullptr) output.record_fields = record->fields;
    output.capacity = capacity_of(draft, output, record);
    output.tells_bound =
        std::any_of(output.wires.begin(), output.wires.end(), [&](std::size_t wire) {
          const auto& planned = draft.plan.wires[wire];
          return (!planned.latest || draft.plan.offline) && needs[planned.to_block];
        });
  }
}

}  // namespace vcengine
