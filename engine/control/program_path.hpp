/// Where a shell would find a program. For the host and for tools.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace vcengine {

/// The first program of this name in the folders of `path`, which is written like PATH. An empty
/// folder there is passed over: what runs must not depend on where the user stands.
std::optional<std::filesystem::path> find_program(std::string_view name, std::string_view path);

/// On PATH.
std::optional<std::filesystem::path> find_program(std::string_view name);

}  // namespace vcengine
