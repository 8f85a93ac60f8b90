#pragma once

#include <filesystem>
#include <map>

#include "file_descriptor.hpp"

namespace vcengine {

/// Is it a file that a build or a circuit is made from? Others are not looked at: circuits and
/// tests write pictures and logs, and each of them would start a build.
bool is_source(const std::filesystem::path& file);

/// Sees changes of sources below a folder, also in folders made later; but not in its `build` and
/// `plugins`, and in nothing hidden.
class SourceWatch {
 public:
  /// Throws std::system_error.
  explicit SourceWatch(std::filesystem::path folder);

  int fd() const noexcept { return inotify_.get(); }  ///< readable when something has happened

  /// Reads what has happened; true if a source is among it.
  bool read();

 private:
  /// True if there are sources in it.
  bool add(const std::filesystem::path& folder);
  bool ignored(const std::filesystem::path& folder) const;

  std::filesystem::path root_;
  FileDescriptor inotify_;
  std::map<int, std::filesystem::path> folders_;
};

}  // namespace vcengine
