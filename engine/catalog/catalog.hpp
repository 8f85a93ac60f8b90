/// All block types that the host can find, and what is wrong with the plugins it cannot use. [host]
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/catalog_cache.hpp"
#include "engine/catalog/describe.hpp"
#include "engine/catalog/plugin_folders.hpp"
#include "engine/circuit/plan.hpp"

namespace vcengine {

/// A plugin, or one of its types, that is passed over. It hurts nobody: the rest is in the catalog.
struct PluginProblem {
  std::filesystem::path file;
  std::string text;
};

/// "edges.so: crashed while it was described (SIGSEGV)", fit for a terminal whatever a plugin
/// wrote.
std::string to_string(const PluginProblem& problem);

/// A type that an earlier folder has as well.
struct ShadowedType {
  std::string type;
  std::filesystem::path plugin;
  std::filesystem::path used_instead;
};

class Catalog {
 public:
  /// Looks into each folder in turn; the first to have a type wins. Only plugins that `cache` does
  /// not know are described, and the cache is saved if there were any.
  static Catalog scan(std::span<const std::filesystem::path> folders, const Describer& describer,
                      CatalogCache cache);

  /// The types of this plugin are taken from it from now on, whatever the folders have. Throws
  /// std::runtime_error with what is wrong with the plugin.
  void prefer(const std::filesystem::path& plugin, const Describer& describer);

  /// Null if there is none. Lives as long as the catalog.
  const CatalogEntry* find(std::string_view type) const;

  std::vector<std::string> type_names() const;  ///< sorted

  /// In the order of the search, with those that do not exist.
  const std::vector<PluginFolder>& folders() const noexcept { return folders_; }

  const std::vector<PluginProblem>& problems() const noexcept { return problems_; }
  const std::vector<ShadowedType>& shadowed() const noexcept { return shadowed_; }

 private:
  void add(const std::filesystem::path& plugin, const PluginDescription& description);
  void add(CatalogEntry entry);

  std::vector<PluginFolder> folders_;
  std::map<std::string, CatalogEntry, std::less<>> types_;
  std::vector<PluginProblem> problems_;
  std::vector<ShadowedType> shadowed_;
};

/// The cache of the user who runs this; one that is not kept where there is no home.
CatalogCache user_catalog_cache(const Environment& environment);

}  // namespace vcengine
