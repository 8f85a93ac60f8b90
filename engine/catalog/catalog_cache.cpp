#include "engine/catalog/catalog_cache.hpp"

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "engine/catalog/atomic_file.hpp"
#include "engine/control/description_json.hpp"
#include "vcengine/registry.hpp"

namespace vcengine {

namespace {

/// Grows when the meaning of what is in the file changes.
constexpr std::int64_t kFormat = 1;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// Empty for all that is no file of a sensible size: a pipe put in its place would keep us waiting.
std::string read_regular_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return {};
  if (std::filesystem::file_size(file, error) > kMaxJsonBytes || error) return {};
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::optional<FileVersion> file_version(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return FileVersion{static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
                     nanoseconds(status.st_ctim)};
}

std::filesystem::path catalog_cache_file(const std::filesystem::path& folder) {
  return folder / ("catalog-abi" + std::to_string(kAbiVersion) + ".json");
}

CatalogCache::CatalogCache(std::filesystem::path file, Time now)
    : file_(std::move(file)), now_(now) {
  try {
    load();
  } catch (const JsonError&) {
    entries_.clear();  // not even the readable half of a damaged file is believed
    changed_ = true;
  }
}

void CatalogCache::load() {
  const auto text = read_regular_file(file_);
  if (text.empty()) return;
  const auto json = parse_json(text);
  const auto& cache = object_of(json, "cache");
  if (integer_of(cache, "vcengine_catalog") != kFormat || integer_of(cache, "abi") != kAbiVersion)
    return;
  for (const auto& element : array_of(cache, "plugins")) {
    const auto& object = object_of(element, "plugins");
    Entry entry{.version = {.size = static_cast<std::uint64_t>(integer_of(object, "size")),
                            .modified_ns = integer_of(object, "modified_ns"),
                            .changed_ns = integer_of(object, "changed_ns")},
                .described = Time(std::chrono::seconds(integer_of(object, "described"))),
                .plugin = plugin_description_from_json(member(object, "plugin"))};
    entries_.insert_or_assign(text_of(object, "path"), std::move(entry));
  }
}

bool CatalogCache::is_worth_keeping(const Entry& entry) const {
  switch (entry.plugin.fault) {
    case PluginFault::none:
    case PluginFault::in_file:
      return true;
    case PluginFault::in_surroundings:
      return false;
    case PluginFault::in_run:  // also not if it comes from the future: the clock was set back
      return entry.described <= now_ && now_ - entry.described < kBelieveFailedRun;
  }
  return false;
}

const PluginDescription* CatalogCache::find(const std::filesystem::path& plugin,
                                            const FileVersion& version) const {
  const auto found = entries_.find(plugin);
  if (found == entries_.end() || found->second.version != version) return nullptr;
  return is_worth_keeping(found->second) ? &found->second.plugin : nullptr;
}

void CatalogCache::put(const std::filesystem::path& plugin, const FileVersion& version,
                       PluginDescription description) {
  Entry entry{version, now_, std::move(description)};
  if (is_worth_keeping(entry)) {
    entries_.insert_or_assign(plugin, std::move(entry));
    changed_ = true;
  } else {
    changed_ = entries_.erase(plugin) > 0 || changed_;
  }
}

bool CatalogCache::save() {
  if (!changed_) return true;
  if (file_.empty()) return false;
  JsonArray plugins;
  for (const auto& [path, entry] : entries_) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) continue;
    plugins.push_back(JsonObject{{"path", path.native()},
                                 {"size", entry.version.size},
                                 {"modified_ns", entry.version.modified_ns},
                                 {"changed_ns", entry.version.changed_ns},
                                 {"described", entry.described.time_since_epoch().count()},
                                 {"plugin", to_json(entry.plugin)}});
  }
  const JsonObject cache{
      {"vcengine_catalog", kFormat}, {"abi", kAbiVersion}, {"plugins", std::move(plugins)}};
  changed_ = !replace_file(file_, to_text(cache));
  return !changed_;
}

}  // namespace vcengine
