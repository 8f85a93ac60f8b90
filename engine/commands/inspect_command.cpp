#include <algorithm>
#include <filesystem>
#include <iostream>

#include "engine/commands/block_text.hpp"
#include "engine/commands/circuit_loader.hpp"
#include "engine/commands/commands.hpp"
#include "engine/commands/host_setup.hpp"
#include "engine/commands/plan_json.hpp"
#include "engine/commands/plan_text.hpp"
#include "engine/control/description_json.hpp"
#include "engine/control/nearest_word.hpp"

namespace vcengine {

namespace {

void print(std::span<const CatalogEntry> entries, bool json, bool whole) {
  if (json) {
    JsonArray all;
    for (const auto& entry : entries) {
      JsonObject one = to_json(entry.info).as_object();
      one["plugin"] = entry.plugin.string();
      all.push_back(std::move(one));
    }
    std::cout << to_text(all) << '\n';
  } else if (whole) {
    for (const auto& entry : entries) std::cout << block_text(entry);
  } else {
    std::cout << type_list(entries);
  }
}

ExitStatus inspect_file(const std::filesystem::path& file, bool json) {
  const std::vector files{std::filesystem::absolute(file)};
  const auto description = host_describer().describe(files).front();
  if (!description.problem.empty()) {
    std::cerr << to_string(PluginProblem{file, description.problem}) << '\n';
    return ExitStatus::bad_circuit;
  }
  std::vector<CatalogEntry> entries;
  for (const auto& info : description.types) entries.push_back({info, files.front()});
  print(entries, json, true);
  return ExitStatus::success;
}

ExitStatus inspect_circuit(const InspectCommand& command) {
  const auto plan = CircuitLoader(command.what, command.settings, command.plugin_folders,
                                  {.offline = command.offline})
                        .load([](std::string_view lines) { std::cerr << lines; });
  std::cout << (command.json ? to_text(plan_json(plan)) + '\n' : plan_text(plan));
  return ExitStatus::success;
}

bool is_circuit(const std::string& what) {
  return what.ends_with(".yaml") || what.ends_with(".yml");
}

}  // namespace

ExitStatus inspect(const InspectCommand& command) {
  if (is_circuit(command.what)) return inspect_circuit(command);
  if (command.what.ends_with(".so") || command.what.find('/') != std::string::npos) {
    return inspect_file(command.what, command.json);
  }
  const auto describer = host_describer();
  const auto catalog =
      host_catalog(command.plugin_folders, std::filesystem::current_path(), describer);
  for (const auto& problem : catalog.problems()) {
    std::cerr << "warning: plugin " << to_string(problem) << '\n';
  }
  std::vector<CatalogEntry> entries;
  if (command.what.empty()) {
    for (const auto& name : catalog.type_names()) entries.push_back(*catalog.find(name));
    print(entries, command.json, false);
    return ExitStatus::success;
  }
  const auto* entry = catalog.find(command.what);
  if (entry == nullptr) {
    std::cerr << "no block type '" << command.what << "'"
              << did_you_mean(command.what, catalog.type_names()) << "; searched:\n";
    for (const auto& folder : catalog.folders()) {
      std::cerr << "  " << folder.path.string()
                << (folder.problem.empty() ? "" : " (" + folder.problem + ")") << '\n';
    }
    return ExitStatus::bad_circuit;
  }
  entries.push_back(*entry);
  print(entries, command.json, true);
  return ExitStatus::success;
}

}  // namespace vcengine
