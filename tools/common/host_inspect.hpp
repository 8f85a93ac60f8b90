/// Asks the host beside this program what a block type is like: tools load no plugins.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

/// Of one block type, of a plugin file (`what` ends in .so), or, if `what` is empty, of all that
/// the host finds. Throws Refusal with the host's own words if it knows no such thing.
std::vector<BlockInfo> inspect(const std::filesystem::path& host, const std::string& what,
                               const std::vector<std::string>& plugin_folders);

/// The one of that name; throws as above.
BlockInfo inspect_type(const std::filesystem::path& host, const std::string& type,
                       const std::vector<std::string>& plugin_folders);

}  // namespace vcengine
