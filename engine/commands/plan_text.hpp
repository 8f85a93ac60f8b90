/// A checked circuit in words: what `check` and `inspect` say of it.
#pragma once

#include <string>

#include "engine/circuit/plan.hpp"

namespace vcengine {

/// A line for each live source whose frames meet again: which blocks it lets frames in for
/// together, and why. Empty if there is none.
std::string groups_text(const Plan& plan);

/// Blocks, wires and what they wait for.
std::string plan_text(const Plan& plan);

}  // namespace vcengine
