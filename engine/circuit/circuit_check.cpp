#include "engine/circuit/circuit_check.hpp"

#include <string>
#include <utility>

#include "engine/circuit/draft.hpp"
#include "engine/control/cores.hpp"

namespace vcengine {
namespace {

void warn_of_lonely_blocks(Draft& draft) {
  std::vector<bool> wired(draft.plan.blocks.size());
  for (const auto& wire : draft.plan.wires) wired[wire.from_block] = wired[wire.to_block] = true;
  for (std::size_t i = 0; i < wired.size(); ++i) {
    if (wired[i]) continue;
    const auto& spec = draft.circuit.blocks[i];
    draft.warn(spec.place, "block '" + spec.name + "' has no wires");
  }
}

/// What only the whole graph can answer.
void check_whole(Draft& draft) {
  check_roles(draft);
  check_policies(draft);
  plan_feedback(draft);
  const bool can_start = check_cycles(draft);
  if (!can_start || !draft.complete) return;
  check_sync(draft);
  plan_admission(draft);
  check_drops(draft);
  check_stalls(draft);
  plan_depths(draft);
  check_delays(draft);
  check_matching(draft);
  check_reunions(draft);
  check_loops(draft);
  plan_outputs(draft);
  plan_forwarding(draft);
}

}  // namespace

Diagnostic Draft::at(Place place, std::string message) const {
  const auto line = static_cast<std::size_t>(place.line) - 1;  // huge for a place without a line
  return {.file = circuit.shown_file,
          .place = place,
          .message = std::move(message),
          .line_text = line < circuit.lines.size() ? circuit.lines[line] : std::string{}};
}

void Draft::warn(Place place, std::string message) {
  auto warning = at(place, std::move(message));
  warning.severity = Severity::warning;
  warnings.add(std::move(warning));
}

std::string Draft::lateness(std::size_t wire) const {
  const auto frames = links[wire].output->delayed;
  return "may come up to " + std::to_string(frames) +
         (frames == 1 ? " frame late" : " frames late");
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
  check_resources(draft, options.cores != nullptr ? *options.cores : usable_cores());
  check_wires(draft);
  check_types(draft);
  if (draft.whole) check_whole(draft);
  if (!draft.errors.empty()) throw CircuitError(std::move(draft.errors));
  warn_of_lonely_blocks(draft);
  if (warnings != nullptr) *warnings = std::move(draft.warnings);
  return std::move(draft.plan);
}

}  // namespace vcengine
