#include "engine/commands/host_setup.hpp"

#include "engine/catalog/plugin_folders.hpp"
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

}  // namespace vcengine
