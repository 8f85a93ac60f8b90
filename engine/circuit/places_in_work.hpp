#pragma once

#include <cstddef>
#include <vector>

#include "engine/circuit/plan.hpp"

namespace vcengine {

/// Of each block, its place in a row in which writers come before their readers. In a ring, which
/// one that sends later than it takes must close, the first of the file.
std::vector<std::size_t> places_in_work(const Plan& plan);

}  // namespace vcengine
