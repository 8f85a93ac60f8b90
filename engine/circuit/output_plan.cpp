#include <algorithm>
#include <map>

#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

// Address space, not memory: only touched pages cost any.
constexpr std::uint64_t kNumber = 4096;
constexpr std::uint64_t kForwardedRecord = std::uint64_t{1} << 20U;  // of a size not known here
constexpr std::uint64_t kAnythingElse = std::uint64_t{64} << 20U;

std::uint64_t usual_capacity(const PlannedOutput& output) {
  if (output.type == "number") return kNumber;
  if (!output.type.starts_with("record/")) return kAnythingElse;
  return output.record_size > 0 ? output.record_size : kForwardedRecord;
}

/// The largest that a wire of the output asks for, else what is usual for its type.
std::uint64_t capacity_of(const Draft& draft, const PlannedOutput& output) {
  std::uint64_t capacity = 0;
  for (const auto wire : output.wires) {
    capacity = std::max(capacity, draft.links[wire].spec->capacity.value_or(0));
  }
  return capacity > 0 ? capacity : usual_capacity(output);
}

/// Does a block with several inputs to match lie behind each block? Only then must readers be told
/// what will not come any more.
std::vector<bool> leads_to_join(const Plan& plan) {
  std::vector<std::size_t> triggers(plan.blocks.size());
  for (const auto& wire : plan.wires) triggers[wire.to_block] += wire.latest ? 0 : 1;
  std::vector<bool> leads(plan.blocks.size());
  for (std::size_t block = 0; block < leads.size(); ++block) leads[block] = triggers[block] > 1;
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& wire : plan.wires) {
      if (wire.latest || leads[wire.from_block] || !leads[wire.to_block]) continue;
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
      output.record_size = link.output->record_size;
      outputs.push_back(std::move(output));
    }
    wire.from_output = entry->second;
    outputs[entry->second].wires.push_back(i);
  }
  const auto leads = leads_to_join(draft.plan);
  for (auto& output : outputs) {
    output.capacity = capacity_of(draft, output);
    output.feeds_join =
        std::any_of(output.wires.begin(), output.wires.end(), [&](std::size_t wire) {
          return !draft.plan.wires[wire].latest && leads[draft.plan.wires[wire].to_block];
        });
  }
}

}  // namespace vcengine
