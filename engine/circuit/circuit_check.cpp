#include "engine/circuit/circuit_check.hpp"

#include <utility>

#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

void warn_of_lonely_blocks(const Draft& draft, Diagnostics& warnings) {
  std::vector<bool> wired(draft.plan.blocks.size());
  for (const auto& wire : draft.plan.wires) wired[wire.from_block] = wired[wire.to_block] = true;
  for (std::size_t i = 0; i < wired.size(); ++i) {
    if (wired[i]) continue;
    const auto& spec = draft.circuit.blocks[i];
    auto warning = draft.at(spec.place, "block '" + spec.name + "' has no wires");
    warning.severity = Severity::warning;
    warnings.add(std::move(warning));
  }
}

}  // namespace

Diagnostic Draft::at(Place place, std::string message) const {
  const auto line = static_cast<std::size_t>(place.line) - 1;  // huge for a place without a line
  return {.file = circuit.shown_file,
          .place = place,
          .message = std::move(message),
          .line_text = line < circuit.lines.size() ? circuit.lines[line] : std::string{}};
}

Plan check_circuit(const Circuit& circuit, TypeSource& types, Diagnostics* warnings,
                   Diagnostics errors, CheckOptions options) {
  Draft draft(circuit);
  draft.whole = errors.empty();
  draft.errors = std::move(errors);
  draft.plan.name = circuit.name;
  draft.plan.offline = options.offline;
  draft.plan.clock = options.offline ? ClockKind::media : circuit.clock;
  draft.plan.file = circuit.file;
  draft.plan.folder = circuit.folder;
  check_blocks(draft, types);
  check_wires(draft);
  check_types(draft);
  if (draft.whole) {
    check_roles(draft);
    check_policies(draft);
    check_graph(draft);
    plan_outputs(draft);
  }
  if (!draft.errors.empty()) throw CircuitError(std::move(draft.errors));
  if (warnings != nullptr) warn_of_lonely_blocks(draft, *warnings);
  return std::move(draft.plan);
}

}  // namespace vcengine
