/// The pages and pictures of the blocks that come with vcengine, made anew from what is built.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/processes/support/process.hpp"

namespace vcengine::test {

/// The plugins of `plugins/`, and no other that lies in the build folder.
std::vector<std::string> shipped_plugins();

/// `vcengine reference …`, with no plugins but those that are named.
Command reference_command(const std::vector<std::string>& arguments,
                          const std::filesystem::path& home);

/// Runs each NAME_result.yaml below `folder` on the sample footage; the pictures it writes, in the
/// order of their names, become NAME_result.jpg beside it, from left to right. Throws if a circuit
/// fails or writes none.
void write_result_pictures(const std::filesystem::path& folder);

/// Writes all pages and the index into `folder`. Throws, with what the tool said, if it fails.
void write_shipped_pages(const std::filesystem::path& folder);

}  // namespace vcengine::test
