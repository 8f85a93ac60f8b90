/// Reads the keys of a block, and of `defaults:`, that say what becomes of it when it dies.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/circuit/node_reader.hpp"
#include "engine/circuit/supervision.hpp"

namespace vcengine {

/// "restart", "backoff", …
const std::vector<std::string>& supervision_keys();

/// One key and what it says; applied to what `defaults:` say, or to the built-in values.
using SupervisionSetting = std::function<void(Supervision&)>;
SupervisionSetting parse_supervision(const std::string& key, const YamlNode& node,
                                     NodeReader& reader);

}  // namespace vcengine
