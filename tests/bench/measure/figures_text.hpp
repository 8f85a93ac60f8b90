/// What was measured, for people and for programs.
#pragma once

#include <string>

#include "engine/control/json.hpp"
#include "figures.hpp"
#include "machine.hpp"

namespace vcengine::bench {

/// Each question with what was answered, side by side; then the goals.
std::string table(const Figures& figures);

/// One document: `machine`, `ratios` with all goals by name, `notes` with the reason for each that
/// is null, and `figures` with every value of every round.
/// `more` stands beside them.
std::string json(const Figures& figures, const Machine& machine, JsonObject more = {});

/// What was measured of wires and of circuits, and the goals, as one picture (SVG).
std::string plot(const Figures& figures, const Machine& machine);

}  // namespace vcengine::bench
