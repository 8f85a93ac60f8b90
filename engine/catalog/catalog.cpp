#include "engine/catalog/catalog.hpp"

#include <stdexcept>
#include <utility>

#include "engine/catalog/user_folders.hpp"
#include "engine/show/utf8.hpp"

namespace vcengine {

namespace {

struct KnownPlugin {
  std::filesystem::path file;
  PluginDescription description;
};

/// One description a file, in their order: from the cache, or made now and put there.
std::vector<KnownPlugin> describe_all(const std::vector<PluginFolder>& folders,
                                      const Describer& describer, CatalogCache& cache) {
  std::vector<KnownPlugin> plugins;
  std::vector<std::size_t> unknown;  // indices into plugins
  std::vector<std::filesystem::path> unknown_files;
  std::vector<FileVersion> versions;  // of the unknown, taken before they are described
  for (const auto& folder : folders) {
    for (const auto& file : folder.plugins) {
      const auto version = file_version(file);
      if (!version) continue;  // deleted a moment ago
      if (const auto* known = cache.find(file, *version)) {
        plugins.push_back({file, *known});
        continue;
      }
      unknown.push_back(plugins.size());
      unknown_files.push_back(file);
      versions.push_back(*version);
      plugins.push_back({file, {}});
    }
  }
  if (unknown.empty()) return plugins;

  auto descriptions = describer.describe(unknown_files);
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    cache.put(unknown_files[i], versions[i], descriptions.at(i));
    plugins[unknown[i]].description = std::move(descriptions[i]);
  }
  cache.save();
  return plugins;
}

}  // namespace

std::string to_string(const PluginProblem& problem) {
  return printable_text(problem.file.filename().string() + ": " + problem.text);
}

Catalog Catalog::scan(std::span<const std::filesystem::path> folders, const Describer& describer,
                      CatalogCache cache) {
  Catalog catalog;
  for (const auto& folder : folders) catalog.folders_.push_back(read_plugin_folder(folder));
  for (const auto& plugin : describe_all(catalog.folders_, describer, cache)) {
    catalog.add(plugin.file, plugin.description);
  }
  return catalog;
}

void Catalog::add(const std::filesystem::path& plugin, const PluginDescription& description) {
  if (description.fault != PluginFault::none) {
    problems_.push_back({plugin, description.problem});
    return;
  }
  for (const auto& info : description.types) add(CatalogEntry{info, plugin});
}

void Catalog::add(CatalogEntry entry) {
  const auto type = entry.info.type;
  const auto plugin = entry.plugin;
  const auto [place, added] = types_.try_emplace(type, std::move(entry));
  if (added) return;
  const auto& first = place->second.plugin;
  if (first.parent_path() == plugin.parent_path()) {
    // Between two folders the order decides, as the user wants it; in one folder it is a mistake.
    problems_.push_back({plugin, "registers '" + type + "', as " + first.filename().string() +
                                     " beside it does, which is used"});
  } else {
    shadowed_.push_back({type, plugin, first});
  }
}

void Catalog::prefer(const std::filesystem::path& plugin, const Describer& describer) {
  const auto description = describer.describe(std::span(&plugin, 1)).front();
  if (description.fault != PluginFault::none) {
    throw std::runtime_error(to_string(PluginProblem{plugin, description.problem}));
  }
  for (const auto& info : description.types) {
    types_.insert_or_assign(info.type, CatalogEntry{info, plugin});
  }
}

const CatalogEntry* Catalog::find(std::string_view type) const {
  const auto found = types_.find(type);
  return found == types_.end() ? nullptr : &found->second;
}

std::vector<std::string> Catalog::type_names() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : types_) names.push_back(name);
  return names;
}

CatalogCache user_catalog_cache(const Environment& environment) {
  const auto folder = user_cache_folder(environment);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {folder ? catalog_cache_file(*folder) : std::filesystem::path(), now};
}

}  // namespace vcengine
