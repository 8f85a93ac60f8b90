/// What was tuned while a circuit ran, into its file. [host]
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/circuit/setting_edit.hpp"
#include "engine/run/live_settings.hpp"

namespace vcengine {

struct SaveOutcome {
  std::vector<SettingEdit> saved;
  std::vector<std::pair<SettingEdit, std::string>> left;  ///< and why
};

/// Writes those settings that are not as they were at the start. The file is replaced as a whole,
/// and not at all if nothing of it changes. Throws std::runtime_error if it cannot be read or
/// written.
SaveOutcome save_settings(const Plan& plan, const LiveSettings& settings);

}  // namespace vcengine
