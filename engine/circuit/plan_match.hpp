/// What of a circuit that runs serves an edited one as it is. Blocks are the same by their name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/circuit/plan.hpp"

namespace vcengine {

struct PlanMatch {
  /// Of the next plan, each: which of the running one it is. An output or a wire only if its shared
  /// memory serves as it is.
  std::vector<std::optional<std::size_t>> blocks, outputs, wires;
  std::vector<std::size_t> changed;  ///< blocks of the next plan that need a process of their own
  std::vector<std::size_t>
      leaving;  ///< of the running one: those of them that run, and the removed

  /// Does the wire of the running plan go on?
  bool keeps_wire(std::size_t running_wire) const;
};

PlanMatch match_plans(const Plan& running, const Plan& next);

/// Why the one cannot become the other while it runs; empty: it can.
std::string reason_to_start_again(const Plan& running, const Plan& next);

/// Does it begin with something that only a process of its own can have: a plugin, a nice value?
bool needs_another_process(const PlannedBlock& now, const PlannedBlock& then);

}  // namespace vcengine
