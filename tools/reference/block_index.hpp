/// The list of pages: a part of README.md between two markers, the rest of which is its author's.
#pragma once

#include <string>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

/// `readme` with the list of these blocks, sorted by type, between its markers; one that is empty
/// begins with a heading. Throws Refusal if it has not exactly one pair of markers.
std::string with_index(const std::string& readme, std::vector<BlockInfo> blocks);

}  // namespace vcengine
