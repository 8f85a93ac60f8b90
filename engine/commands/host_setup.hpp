/// What running, checking and inspecting have in common: where plugins are, what is in them.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "engine/catalog/catalog.hpp"
#include "engine/catalog/describe.hpp"

namespace vcengine {

/// A program for people, installed beside the host.
std::filesystem::path program_beside_host(const std::string& name);
/// One that only the host starts: in ../lib/vcengine from its folder, where no shell looks.
std::filesystem::path helper_program(const std::string& name);

Describer host_describer();
Catalog host_catalog(std::span<const std::filesystem::path> plugin_folders,
                     const std::filesystem::path& circuit_folder, const Describer& describer);

}  // namespace vcengine
