#include <algorithm>
#include <map>
#include <optional>

#include "engine/circuit/draft.hpp"
#include "engine/control/nearest_word.hpp"

namespace vcengine {
namespace {

constexpr std::size_t kMostWiresOfOutput = 64;

std::optional<std::size_t> find_block(Draft& draft, const PortRef& port) {
  const auto& blocks = draft.plan.blocks;
  const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const PlannedBlock& block) {
    return block.name == port.block;
  });
  if (found != blocks.end()) return static_cast<std::size_t>(found - blocks.begin());
  std::vector<std::string> names;
  names.reserve(blocks.size());
  for (const auto& block : blocks) names.push_back(block.name);
  draft.error(port.place, "no block " + in_quotes(port.block) + " in this circuit" +
                              did_you_mean(port.block, names));
  return std::nullopt;
}

/// The port of a block that is described; reports what is there instead.
const PortInfo* find_port(Draft& draft, std::size_t block, const PortRef& port, bool output) {
  const auto& type = draft.plan.blocks[block].type.info;
  std::vector<std::string> names;
  for (const auto& info : type.ports) {
    if ((info.role == PortRole::out) != output) {
      continue;
    }
    if (info.name == port.port) return &info;
    names.push_back(info.name);
  }
  const auto is_other = [&](const PortInfo& info) { return info.name == port.port; };
  const std::string kind = output ? "output " : "input ";
  if (std::any_of(type.ports.begin(), type.ports.end(), is_other)) {
    draft.error(port.place, in_quotes(port.port) + " of '" + type.type + "' is an " +
                                (output ? "input; a wire begins at an output"
                                        : "output; a wire ends at an input"));
    return nullptr;
  }
  draft.error(port.place, "'" + type.type + "' has no " + kind + in_quotes(port.port) +
                              did_you_mean(port.port, names) +
                              (names.empty() ? " (it has none)" : " (it has " + join(names) + ')'));
  return nullptr;
}

void check_wire(Draft& draft, const WireSpec& spec) {
  const auto from = find_block(draft, spec.from);
  const auto to = find_block(draft, spec.to);
  const auto* output =
      from && draft.has_type[*from] ? find_port(draft, *from, spec.from, true) : nullptr;
  const auto* input = to && draft.has_type[*to] ? find_port(draft, *to, spec.to, false) : nullptr;
  if (input != nullptr) {
    const bool is_new = draft.wired_inputs.emplace(*to, input->name).second;
    if (!is_new && !input->many) {
      draft.error(spec.to.place, "two wires lead into '" + spec.to.block + '.' + input->name +
                                     "', which takes one");
      input = nullptr;
    }
  }
  if (output == nullptr || input == nullptr) {
    draft.complete = false;
    return;
  }
  PlannedWire wire;
  wire.from_block = *from;
  wire.from_port = output->name;
  wire.to_block = *to;
  wire.to_port = input->name;
  wire.latest = input->role == PortRole::latest;
  draft.plan.wires.push_back(std::move(wire));
  draft.links.push_back({&spec, output, input});
}

/// The wires into an Inputs are "images[0]", "images[1]" … in the order of the file.
void number_inputs(Draft& draft) {
  std::map<std::pair<std::size_t, std::string>, std::size_t> counts;
  for (std::size_t i = 0; i < draft.links.size(); ++i) {
    auto& wire = draft.plan.wires[i];
    if (!draft.links[i].input->many) continue;
    const auto index = counts[{wire.to_block, draft.links[i].input->name}]++;
    wire.to_port += '[' + std::to_string(index) + ']';
  }
}

void limit_fan_out(Draft& draft) {
  std::map<const PortInfo*, std::size_t> counts;
  for (std::size_t i = 0; i < draft.links.size(); ++i) {
    if (++counts[draft.links[i].output] != kMostWiresOfOutput + 1) continue;
    const auto& from = draft.links[i].spec->from;
    draft.error(from.place, "more than " + std::to_string(kMostWiresOfOutput) + " wires out of '" +
                                from.block + '.' + from.port + '\'');
  }
}

void require_inputs(Draft& draft) {
  for (std::size_t i = 0; i < draft.plan.blocks.size(); ++i) {
    if (!draft.has_type[i]) continue;
    const auto& block = draft.plan.blocks[i];
    for (const auto& port : block.type.info.ports) {
      if (port.role != PortRole::in || port.optional || draft.wired_inputs.contains({i, port.name}))
        continue;
      auto message = "nothing is wired into '" + block.name + '.' + port.name + '\'';
      if (!port.doc.empty()) message += " (" + port.doc + ')';
      draft.error(draft.circuit.blocks[i].place, std::move(message));
    }
  }
}

}  // namespace

void check_wires(Draft& draft) {
  for (const auto& spec : draft.circuit.wires) check_wire(draft, spec);
  number_inputs(draft);
  limit_fan_out(draft);
  if (draft.whole) require_inputs(draft);
}

}  // namespace vcengine
