#pragma once

#include <span>
#include <string>

#include "engine/circuit/plan.hpp"

namespace vcengine {

/// One line a type, aligned: its name and what it does.
std::string type_list(std::span<const CatalogEntry> entries);

/// All a type says of itself: ports, settings with their ranges, where it is.
std::string block_text(const CatalogEntry& entry);

}  // namespace vcengine
