#include "engine/commands/host_setup.hpp"

#include "engine/catalog/catalog_types.hpp"
#include "engine/catalog/plugin_folders.hpp"
#include "engine/circuit/circuit_check.hpp"
#include "engine/circuit/circuit_parser.hpp"
#include "engine/circuit/environment.hpp"

namespace vcengine {

std::filesystem::path program_beside_host(const std::string& name) {
  return running_executable().parent_path() / name;
}

std::filesystem::path helper_program(const std::string& name) {
  return (running_executable().parent_path() / "../lib/vcengine" / name).lexically_normal();
}

Describer host_describer() {
  return Describer(helper_program("vcengine-worker"),
                   Describer::timeout_from(process_environment()));
}

Catalog host_catalog(std::span<const std::filesystem::path> given,
                     const std::filesystem::path& circuit_folder, const Describer& describer) {
  const auto environment = process_environment();
  const auto folders = plugin_folders(given, circuit_folder, running_executable(), environment);
  return Catalog::scan(folders, describer, user_catalog_cache(environment));
}

Plan load_circuit(const std::filesystem::path& file, std::span<const std::string> settings,
                  std::span<const std::filesystem::path> given, CheckOptions options,
                  const ReportWarnings& report_warnings) {
  Diagnostics errors;
  auto circuit = parse_circuit(file, errors);
  for (const auto& setting : settings) apply_set(circuit, setting);
  const auto describer = host_describer();
  const auto catalog = host_catalog(given, circuit.folder, describer);
  CatalogTypes types(catalog, describer);

  // A plugin that cannot be used hurts nobody, but whoever misses one of its types wants to know
  // why: its problem is said before the circuit's.
  std::string problems;
  for (const auto& problem : catalog.problems()) {
    problems += "warning: plugin " + to_string(problem) + "\n";
  }
  if (!problems.empty()) report_warnings(problems);
  Diagnostics warnings;
  auto plan = check_circuit(circuit, types, &warnings, std::move(errors), options);
  if (!warnings.empty()) report_warnings(to_string(warnings) + "\n");
  return plan;
}

}  // namespace vcengine
