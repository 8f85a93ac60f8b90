/// The keys of a block that say what its process may use: cpu, nice, memory, env, cwd.
#pragma once

#include <string>
#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/node_reader.hpp"
#include "engine/circuit/yaml_document.hpp"

namespace vcengine {

/// Reads one of them into `resources`.
void parse_resource(const YamlEntry& entry, ResourcesSpec& resources, NodeReader& reader);

/// The block's own where it has any, else the default; `env` variable by variable.
ResourcesSpec with_defaults(ResourcesSpec own, const ResourcesSpec& defaults);

}  // namespace vcengine
