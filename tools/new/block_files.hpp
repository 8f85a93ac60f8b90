/// The files of a new block's folder, one function each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/new/new_block.hpp"

namespace vcengine {

struct NewFile {
  std::string name;
  std::string text;
};

/// All of them.
std::vector<NewFile> block_files(const NewBlock& block);

std::string block_source(const NewBlock& block);
std::string block_test(const NewBlock& block);
std::string block_cmake(const NewBlock& block);
std::string block_readme(const NewBlock& block);
std::string block_circuit(const NewBlock& block);

/// A source of what no block that comes with vcengine makes, for the circuit to run at once.
std::optional<NewBlock> feed_of(const NewBlock& block);

/// Does the circuit of this block end by itself? A source of the author's own does not.
bool circuit_ends(const NewBlock& block);

}  // namespace vcengine
