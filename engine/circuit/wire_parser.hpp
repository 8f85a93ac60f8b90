/// The part `wires:` of a circuit file.
#pragma once

#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/node_reader.hpp"
#include "engine/circuit/yaml_document.hpp"

namespace vcengine {

std::vector<WireSpec> parse_wires(const YamlNode& node, NodeReader& reader);

}  // namespace vcengine
