#include "engine/catalog/catalog_types.hpp"

#include <stdexcept>

#include "engine/show/utf8.hpp"

namespace vcengine {

std::vector<std::string> CatalogTypes::searched_folders() const {
  std::vector<std::string> folders;
  for (const auto& folder : catalog_.folders()) {
    const auto problem = folder.problem.empty() ? "" : " (" + folder.problem + ")";
    folders.push_back(folder.path.string() + problem);
  }
  return folders;
}

BlockInfo CatalogTypes::describe(const std::string& type, const Settings& settings) {
  const auto* entry = catalog_.find(type);
  if (entry == nullptr) throw std::invalid_argument("no block type '" + type + "'");
  const auto description = describer_.describe(entry->plugin, type, settings);
  if (description.fault != PluginFault::none) {
    throw std::runtime_error(printable_text(description.problem));
  }
  return description.types.front();
}

}  // namespace vcengine
