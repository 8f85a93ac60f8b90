/// What running, checking and inspecting have in common: where plugins are, what is in them.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "engine/catalog/catalog.hpp"
#include "engine/catalog/describe.hpp"
#include "engine/circuit/circuit_check.hpp"
#include "engine/circuit/plan.hpp"

namespace vcengine {

/// A program for people, installed beside the host.
std::filesystem::path program_beside_host(const std::string& name);
/// One that only the host starts: in ../lib/vcengine from its folder, where no shell looks.
std::filesystem::path helper_program(const std::string& name);

Describer host_describer();
Catalog host_catalog(std::span<const std::filesystem::path> plugin_folders,
                     const std::filesystem::path& circuit_folder, const Describer& describer);

/// Takes lines for the user, each ended.
using ReportWarnings = std::function<void(std::string_view)>;

/// Parses and checks. Throws CircuitError; what is wrong with plugins has been reported then.
Plan load_circuit(const std::filesystem::path& file, std::span<const std::string> settings,
                  std::span<const std::filesystem::path> plugin_folders, CheckOptions options,
                  const ReportWarnings& report_warnings);

}  // namespace vcengine
