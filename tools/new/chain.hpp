/// A circuit of block types in a row: which output leads to which input.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

struct ChainBlock {
  std::string name;  ///< in the circuit, made from the type
  BlockInfo info;
};

struct ChainWire {
  std::size_t from_block = 0;
  std::string from_port;
  std::size_t to_block = 0;
  std::string to_port;
};

struct Chain {
  std::vector<ChainBlock> blocks;
  std::vector<ChainWire> wires;
};

/// Wires each block to the one before it, by the types of their ports, and what further inputs it
/// cannot do without to blocks further up. Throws Refusal, with the ports of both, where none fit.
Chain make_chain(const std::vector<BlockInfo>& types);

/// The circuit file.
std::string chain_circuit(const std::string& name, const Chain& chain);

/// The one that is written if no types are given.
std::string example_circuit(const std::string& name);

}  // namespace vcengine
