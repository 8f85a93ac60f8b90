/// What a plugin says of itself, read by loading it and constructing its blocks. In workers only.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

/// All block types of a plugin, each constructed to read its ports and settings. Throws
/// PluginError.
std::vector<BlockInfo> describe_plugin(const std::filesystem::path& file);

/// One block type as it is with these settings: what declare() adds depends on them. Throws
/// PluginError.
BlockInfo describe_plugin(const std::filesystem::path& file, std::string_view type,
                          std::span<const std::pair<std::string, ParamValue>> params);

}  // namespace vcengine
