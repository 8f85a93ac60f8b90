#include "engine/commands/circuit_loader.hpp"

#include <stdexcept>
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
  auto circuit = parse_circuit(file_, errors);
  for (const auto& setting : settings_) apply_set(circuit, setting);
  auto plan = check(circuit, std::move(errors), {}, report);
  circuit_ = std::move(circuit);
  return plan;
}

Plan CircuitLoader::check(const Circuit& circuit, Diagnostics errors,
                          const std::optional<std::filesystem::path>& plugin,
                          const ReportWarnings& report) const {
  const auto describer = host_describer();
  auto catalog = host_catalog(plugin_folders_, circuit.folder, describer);
  if (plugin) catalog.prefer(*plugin, describer);
  CatalogTypes types(catalog, describer);

  // A plugin that cannot be used hurts nobody, but whoever misses one of its types wants to know
  // why: its problem is said before the circuit's.
  std::string problems;
  for (const auto& problem : catalog.problems()) {
    problems += "warning: plugin " + to_string(problem) + "\n";
  }
  if (!problems.empty()) report(problems);
  Diagnostics warnings;
  auto plan = check_circuit(circuit, types, &warnings, std::move(errors), options_);
  if (!warnings.empty()) report(to_string(warnings) + "\n");
  return plan;
}

namespace {

/// With what was said before, for it may be the reason.
template <class Function>
Plan with_reasons(const Function& make_plan) {
  std::string said;
  try {
    return make_plan([&](std::string_view lines) { said += lines; });
  } catch (const std::exception& error) {
    throw std::runtime_error(said + error.what());
  }
}

}  // namespace

Plan CircuitLoader::read_again() {
  return with_reasons([this](const ReportWarnings& report) { return load(report); });
}

Plan CircuitLoader::check_again(const std::optional<std::filesystem::path>& plugin) {
  return with_reasons(
      [&](const ReportWarnings& report) { return check(circuit_, {}, plugin, report); });
}

}  // namespace vcengine
