#include "engine/commands/circuit_loader.hpp"

#include <utility>

#include "engine/catalog/catalog_types.hpp"
#include "engine/circuit/circuit_parser.hpp"
#include "engine/commands/host_setup.hpp"

namespace vcengine {

CircuitLoader::CircuitLoader(std::filesystem::path file, std::vector<std::string> settings,
                             std::vector<std::filesystem::path> plugin_folders,
                             CheckOptions options)
    : file_(std::move(file)),
      settings_(std::move(settings)),
      plugin_folders_(std::move(plugin_folders)),
      options_(options) {}

Plan CircuitLoader::load(const ReportWarnings& report) {
  Diagnostics errors;
  circuit_ = parse_circuit(file_, errors);
  for (const auto& setting : settings_) apply_set(circuit_, setting);
  const auto describer = host_describer();
  const auto catalog = host_catalog(plugin_folders_, circuit_.folder, describer);
  CatalogTypes types(catalog, describer);

  // A plugin that cannot be used hurts nobody, but whoever misses one of its types wants to know
  // why: its problem is said before the circuit's.
  std::string problems;
  for (const auto& problem : catalog.problems()) {
    problems += "warning: plugin " + to_string(problem) + "\n";
  }
  if (!problems.empty()) report(problems);
  Diagnostics warnings;
  auto plan = check_circuit(circuit_, types, &warnings, std::move(errors), options_);
  if (!warnings.empty()) report(to_string(warnings) + "\n");
  return plan;
}

Plan CircuitLoader::check_again(const std::optional<std::filesystem::path>& plugin) const {
  const auto describer = host_describer();
  auto catalog = host_catalog(plugin_folders_, circuit_.folder, describer);
  if (plugin) catalog.prefer(*plugin, describer);
  CatalogTypes types(catalog, describer);
  return check_circuit(circuit_, types, nullptr, {}, options_);
}

}  // namespace vcengine
