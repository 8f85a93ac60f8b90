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

/// Does a block with several inputs to match lie behind each block? Only then must readers be told
/// what will not come any more. Offline a Latest is matched too: with the frame that triggers.
std::vector<bool> leads_to_join(const Plan& plan) {
  std::vector<std::size_t> triggers(plan.blocks.size());
  std::vector<bool> leads(plan.blocks.size());
  for (const auto& wire : plan.wires) {
    triggers[wire.to_block] += wire.latest ? 0 : 1;
    leads[wire.to_block] = leads[wire.to_block] || (wire.latest && plan.offline);
  }
  for (std::size_t block = 0; block < leads.size(); ++block)
    leads[block] = leads[block] || triggers[block] > 1;
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& wire : plan.wires) {
      if ((wire.latest && !plan.offline) || leads[wire.from_block] || !leads[wire.to_block])
        continue;
      leads[wire.from_block] = changed = true;
    }
  }
  return leads;
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
  const auto leads = leads_to_join(draft.plan);
  for (auto& output : outputs) {
    const auto* record = record_declaration(draft, output);
    if (record != nullptr) output.record_fields = record->fields;
    output.capacity = capacity_of(draft, output, record);
    output.feeds_join =
        std::any_of(output.wires.begin(), output.wires.end(), [&](std::size_t wire) {
          const auto& planned = draft.plan.wires[wire];
          return (!planned.latest || draft.plan.offline) && leads[planned.to_block];
        });
  }
}

}  // namespace vcengine
