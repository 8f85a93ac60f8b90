/// What plugins were found to hold, kept on disk so that a start asks no plugin that did not
/// change. Several hosts may use one cache at once: it is replaced as a whole, the last one wins,
/// and what is lost that way is only described again.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>

#include "engine/catalog/plugin_description.hpp"

namespace vcengine {

/// Tells one content of a file from the next. The time of change is in it because the time of
/// modification alone is set back by package managers and archives.
struct FileVersion {
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

/// None if there is no such file.
std::optional<FileVersion> file_version(const std::filesystem::path& file);

/// `catalog-abi1.json` in `folder`: releases with different ABIs do not take it from one another.
std::filesystem::path catalog_cache_file(const std::filesystem::path& folder);

class CatalogCache {
 public:
  using Time = std::chrono::sys_seconds;

  /// How long a crash or hang is believed: long enough not to hang again at every start, short
  /// enough for a plugin that only fell to a full machine.
  static constexpr std::chrono::minutes kBelieveFailedRun{10};

  /// Reads `file`. One that is missing, unreadable, damaged, or not ours is an empty cache; an
  /// empty path is a cache that save() does not keep.
  CatalogCache(std::filesystem::path file, Time now);

  /// What the plugin was found to hold; null if it is unknown or has changed.
  const PluginDescription* find(const std::filesystem::path& plugin,
                                const FileVersion& version) const;

  /// `version` is that of before the description was made: a change meanwhile is then noticed. Not
  /// kept: faults of the surroundings.
  void put(const std::filesystem::path& plugin, const FileVersion& version,
           PluginDescription description);

  /// Writes it, if anything changed, without plugins that are gone. Nobody ever reads half of it.
  /// False if it cannot be written (a read-only disk): the next start is slower, that is all.
  bool save();

 private:
  struct Entry {
    FileVersion version;
    Time described;
    PluginDescription plugin;
  };

  void load();
  bool is_worth_keeping(const Entry& entry) const;

  std::filesystem::path file_;
  Time now_;
  bool changed_ = false;
  std::map<std::filesystem::path, Entry> entries_;
};

}  // namespace vcengine
