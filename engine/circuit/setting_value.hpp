/// What a setting says to the parameter that it is for. Of circuit files, command lines and
/// requests to a running circuit.
#pragma once

#include <filesystem>
#include <string>

#include "engine/circuit/circuit.hpp"
#include "vcengine/description.hpp"

namespace vcengine {

/// The value as the parameter's kind reads it; a relative path starts at `folder`. Throws
/// ParamError.
ParamValue setting_value(const ParamInfo& param, const ParamSetting& setting,
                         const std::filesystem::path& folder);

/// URLs stay as they are.
std::string absolute_path(const std::string& path, const std::filesystem::path& folder);

}  // namespace vcengine
