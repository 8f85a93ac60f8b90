#pragma once

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace vcengine {

/// Where a block finds itself: what it writes without being told where goes away with the check.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::filesystem::path& in) {
    auto name = (in / "vcengine-check-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), "cannot make '" + name + "'");
    }
    path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() { remove(path_); }

  const std::filesystem::path& path() const noexcept { return path_; }

  /// False if something is still there, or was put there meanwhile.
  static bool remove(const std::filesystem::path& path) noexcept {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    return !std::filesystem::exists(path, error);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace vcengine
