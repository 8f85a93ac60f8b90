/// Asks the host beside this program what a block type is like: tools load no plugins.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

/// Throws Refusal with the host's own words if it knows no such type.
BlockInfo inspect_type(const std::filesystem::path& host, const std::string& type,
                       const std::vector<std::string>& plugin_folders);

}  // namespace vcengine
