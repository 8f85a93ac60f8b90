/// Where the sockets of running circuits are, and nobody else can put one. For the host and for
/// tools.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "file_descriptor.hpp"

namespace vcengine {

/// $XDG_RUNTIME_DIR/vcengine; without such a folder /tmp/vcengine-UID.
std::filesystem::path control_folder();

class ControlFolder {
 public:
  /// Throws std::runtime_error, naming the folder, if it is a link, belongs to somebody else, or
  /// others may write there. Throws std::system_error if it is not there.
  explicit ControlFolder(const std::filesystem::path& path);

  /// Makes it (mode 0700) unless it is there. Throws as above.
  static ControlFolder make(const std::filesystem::path& path);

  const std::filesystem::path& path() const noexcept { return path_; }
  /// Of a file in it, good for as long as this lives: it goes by our descriptor. Whoever renames a
  /// folder above changes nothing, and no path is too long.
  sockaddr_un address(const std::string& name) const;
  /// Names of the sockets in it, sorted.
  std::vector<std::string> sockets() const;

  void rename(const std::string& from, const std::string& to) const;
  void remove(const std::string& name) const noexcept;

 private:
  std::filesystem::path path_;
  FileDescriptor folder_;
};

/// Of the process at the other end of a connected local socket; none if the kernel does not say.
std::optional<uid_t> peer_user(int socket);

}  // namespace vcengine
