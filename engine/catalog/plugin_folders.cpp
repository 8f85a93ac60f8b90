#include "engine/catalog/plugin_folders.hpp"

#include <algorithm>
#include <system_error>

#include "engine/catalog/user_folders.hpp"

namespace vcengine {

namespace {

namespace fs = std::filesystem;

/// Comparable, without asking the disk: "lib/../plugins/" and "plugins" are one.
fs::path tidy(const fs::path& path) {
  std::error_code ignored;
  auto tidied = fs::absolute(path, ignored).lexically_normal();
  if (!tidied.has_filename()) tidied = tidied.parent_path();  // a final '/'
  return tidied;
}

class FolderList {
 public:
  void add(const fs::path& path) {
    if (path.empty()) return;
    auto tidied = tidy(path);
    if (std::ranges::find(folders_, tidied) == folders_.end())
      folders_.push_back(std::move(tidied));
  }
  std::vector<fs::path> take() { return std::move(folders_); }

 private:
  std::vector<fs::path> folders_;
};

void add_path_variable(FolderList& list, std::string_view value) {
  while (!value.empty()) {
    const auto end = std::min(value.find(':'), value.size());
    list.add(fs::path(value.substr(0, end)));  // nothing between two ':' is no folder
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

bool is_plugin_name(const std::string& name) {
  return name.ends_with(".so") && !name.starts_with('.');
}

}  // namespace

std::vector<fs::path> plugin_folders(std::span<const fs::path> given,
                                     const fs::path& circuit_folder, const fs::path& executable,
                                     const Environment& environment) {
  FolderList list;
  for (const auto& folder : given) list.add(folder);
  add_path_variable(list, environment("VCENGINE_PLUGIN_PATH").value_or(""));
  if (!circuit_folder.empty()) list.add(circuit_folder / "plugins");
  if (const auto data = user_data_folder(environment)) list.add(*data / "plugins");
  if (!executable.empty()) list.add(executable.parent_path() / "../lib/vcengine/plugins");
  return list.take();
}

fs::path running_executable() {
  std::error_code error;
  auto path = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : path;
}

PluginFolder read_plugin_folder(const fs::path& path) {
  PluginFolder folder{.path = path, .problem = {}, .plugins = {}};
  std::error_code error;
  fs::directory_iterator entries(path, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    std::error_code unreadable;  // a link that leads nowhere or in a circle: passed over
    if (is_plugin_name(entries->path().filename().string()) &&
        entries->is_regular_file(unreadable)) {
      folder.plugins.push_back(entries->path());
    }
  }
  if (error == std::errc::no_such_file_or_directory) {
    folder.problem = "does not exist";
  } else if (error) {
    folder.problem = error.message();
  }
  std::ranges::sort(folder.plugins);
  return folder;
}

}  // namespace vcengine
