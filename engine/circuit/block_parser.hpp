/// The parts `blocks:` and `defaults:` of a circuit file.
#pragma once

#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/node_reader.hpp"
#include "engine/circuit/yaml_document.hpp"

namespace vcengine {

std::vector<BlockSpec> parse_blocks(const YamlNode& node, Place key_place,
                                    const BlockDefaults& defaults, NodeReader& reader);
BlockDefaults parse_defaults(const YamlNode& node, NodeReader& reader);

}  // namespace vcengine
