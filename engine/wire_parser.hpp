/// The part `wires:` of a circuit file.
#pragma once

#include <vector>

#include "engine/circuit.hpp"
#include "engine/node_reader.hpp"
#include "engine/yaml_document.hpp"

namespace vcengine {

std::vector<WireSpec> parse_wires(const YamlNode& node, NodeReader& reader);

}  // namespace vcengine
