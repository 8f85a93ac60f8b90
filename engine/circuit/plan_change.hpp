/// What tells a plan that runs from the one that its file, or a rebuilt plugin, makes now.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/circuit/plan.hpp"

namespace vcengine {

/// Blocks are indices into both plans; they mean something only where `wiring` is empty.
struct PlanChange {
  std::vector<std::size_t> settings;  ///< of these only params differ
  std::vector<std::size_t> workers;   ///< these need another process: of another plugin, say
  /// Why the shared memory of the one does not serve the other: "block blur is new".
  std::vector<std::string> wiring;

  bool empty() const { return settings.empty() && workers.empty() && wiring.empty(); }
};

PlanChange change_between(const Plan& running, const Plan& next);

}  // namespace vcengine
