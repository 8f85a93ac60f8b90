/// `sync:` of a block or of `defaults:`.
#pragma once

#include <optional>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/node_reader.hpp"
#include "engine/circuit/yaml_document.hpp"

namespace vcengine {

std::optional<SyncSpec> parse_sync(const YamlNode& node, NodeReader& reader);

}  // namespace vcengine
