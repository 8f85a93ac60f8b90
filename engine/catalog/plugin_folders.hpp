/// Which folders are searched for plugins, and what lies in one.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/circuit/environment.hpp"

namespace vcengine {

/// In the order in which they count: those given (`--plugins`), VCENGINE_PLUGIN_PATH (separated by
/// ':'), `plugins` beside the circuit, the user's own, and the one installed with `executable`
/// (../lib/vcengine/plugins from its folder). Absolute, each once; they need not exist. An empty
/// `circuit_folder` or `executable` adds nothing.
std::vector<std::filesystem::path> plugin_folders(std::span<const std::filesystem::path> given,
                                                  const std::filesystem::path& circuit_folder,
                                                  const std::filesystem::path& executable,
                                                  const Environment& environment);

/// The program that runs in this process; empty if /proc is not there.
std::filesystem::path running_executable();

struct PluginFolder {
  std::filesystem::path path;
  std::string problem;  ///< "does not exist", "Permission denied"; empty: it was read
  std::vector<std::filesystem::path>
      plugins;  ///< its *.so by name; no hidden ones, no broken links
};

PluginFolder read_plugin_folder(const std::filesystem::path& path);

}  // namespace vcengine
