/// What to type next.
#pragma once

#include <filesystem>
#include <string>

#include "tools/new/new_block.hpp"

namespace vcengine {

/// How this program's own installation is reached from the user's shell.
struct Surroundings {
  std::string host = "vcengine";  ///< as a shell word: with its folder, if PATH leads elsewhere
  std::filesystem::path prefix;   ///< to tell CMake of; empty: it looks there by itself
  std::filesystem::path build;    ///< not installed yet: the build folder; else empty
};

/// `program` is …/bin/vcengine-new, `path` the shell's PATH.
Surroundings surroundings_of(const std::filesystem::path& program, const std::string& path);

/// Four commands that build, test and run the block in `folder`, to be copied as they are; one more
/// before them that installs vcengine where it was only built.
std::string next_steps(const NewBlock& block, const std::filesystem::path& folder,
                       const Surroundings& surroundings);

}  // namespace vcengine
