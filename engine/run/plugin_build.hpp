/// The very file that a worker loaded its block from, even when another build has taken its place.
#pragma once

#include <filesystem>
#include <optional>

#include "engine/catalog/catalog_cache.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

class PluginBuild {
 public:
  PluginBuild() = default;
  /// Not there, or not readable: then there is none.
  explicit PluginBuild(std::filesystem::path file);

  /// Where it can be loaded from: its file, or this process's descriptor of it if the file is
  /// another one by now. (Not if somebody wrote into the file itself: that build is lost.) Lives as
  /// long as this.
  std::filesystem::path path() const;
  bool is_replaced() const;  ///< there is another file in its place, or none
  bool has_changed() const;  ///< what is in its place is not what it was, whatever happened to it

 private:
  std::filesystem::path file_;
  FileDescriptor fd_;
  std::optional<FileVersion> version_;  // that it had
};

}  // namespace vcengine
