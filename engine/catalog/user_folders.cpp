#include "engine/catalog/user_folders.hpp"

namespace vcengine {

namespace {

/// The specification ignores relative paths, and takes an empty value for an unset one.
std::optional<std::filesystem::path> absolute_path(const Environment& environment,
                                                   const char* name) {
  std::filesystem::path path = environment(name).value_or("");
  if (!path.is_absolute()) return {};
  return path;
}

std::optional<std::filesystem::path> user_folder(const Environment& environment, const char* name,
                                                 const char* below_home) {
  if (const auto base = absolute_path(environment, name)) return *base / "vcengine";
  if (const auto home = absolute_path(environment, "HOME")) return *home / below_home / "vcengine";
  return {};
}

}  // namespace

std::optional<std::filesystem::path> user_data_folder(const Environment& environment) {
  return user_folder(environment, "XDG_DATA_HOME", ".local/share");
}

std::optional<std::filesystem::path> user_cache_folder(const Environment& environment) {
  return user_folder(environment, "XDG_CACHE_HOME", ".cache");
}

std::optional<std::filesystem::path> user_state_folder(const Environment& environment) {
  return user_folder(environment, "XDG_STATE_HOME", ".local/state");
}

}  // namespace vcengine
