#pragma once

#include <span>
#include <string>
#include <utility>

#include "vcengine/block.hpp"

namespace vcengine::detail {

/// Changes settings of a block between two calls of process(), all of them or none. Throws
/// ParamError, or what its check() throws, and all are as they were.
void change_settings(Block& block, std::span<const std::pair<std::string, ParamValue>> settings);

}  // namespace vcengine::detail
