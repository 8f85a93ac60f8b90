/// Sees that one of some files has another content, once its writer has been quiet for a while.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "engine/control/quiet_time.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

class FileWatch {
 public:
  using Clock = std::chrono::steady_clock;

  FileWatch();  ///< throws std::system_error

  /// These from now on. Files may be missing, and come. Throws std::system_error.
  void watch(const std::set<std::filesystem::path>& files);

  int fd() const noexcept { return inotify_.get(); }  ///< readable when read() has something
  void read();

  /// When changed() is worth a look.
  std::optional<Clock::time_point> due() const { return quiet_.due_at(); }
  bool changed(Clock::time_point now) { return quiet_.due(now); }

 private:
  FileDescriptor inotify_;
  std::map<int, std::filesystem::path> folders_;  // by what inotify calls them
  std::set<std::filesystem::path> files_;
  QuietTime quiet_;
};

}  // namespace vcengine
