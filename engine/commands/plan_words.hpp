/// The parts of a checked circuit, each in a few words.
#pragma once

#include <cstddef>
#include <string>

#include "engine/circuit/plan.hpp"

namespace vcengine {

std::string clock_word(ClockKind clock);     ///< "wall"
std::string policy_word(WirePolicy policy);  ///< "drop_oldest"
std::string by_word(SyncRule::By by);        ///< "stamp"

/// "detect.edges", of the wire's beginning
std::string output_name(const Plan& plan, std::size_t wire);

/// Does the block take frames of several inputs at a time?
bool joins(const Plan& plan, std::size_t block);

/// What makes a block run: "source, live", "for each image", "for each base + over, of equal
/// stamps".
std::string what_runs(const Plan& plan, std::size_t block);

/// Why a wire has its policy and depth.
std::string why(const Plan& plan, std::size_t wire);

}  // namespace vcengine
