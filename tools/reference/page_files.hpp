/// Pages on disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/reference/block_page.hpp"

namespace vcengine {

/// Files that stand beside the page and are not written here: NAME_result.jpg or .png, and
/// NAME_result.yaml.
ResultFiles results_beside(const std::filesystem::path& page);

/// Writes the page of each block, its picture, and, if `index`, the list of them in README.md.
/// Makes folders; replaces what was generated before, and throws Refusal rather than replace
/// anything else. Gives the files that changed. Files that are as they should be are not touched.
std::vector<std::filesystem::path> write_pages(const std::filesystem::path& folder,
                                               const std::vector<BlockInfo>& blocks, bool index);

}  // namespace vcengine
