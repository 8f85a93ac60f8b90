/// A circuit to begin with, around a block with all its settings at their defaults.
#pragma once

#include <string>

#include "vcengine/description.hpp"

namespace vcengine {

struct ExampleCircuit {
  std::string text;
  /// Inputs that no block that comes with vcengine can feed. If there are any, the circuit is only
  /// the block's own line.
  std::string unfed;
};

ExampleCircuit example_circuit(const BlockInfo& block);

}  // namespace vcengine
