#include "engine/control/control_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "engine/control/control_protocol.hpp"

namespace vcengine {

namespace fs = std::filesystem;

fs::path control_folder() {
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");  // NOLINT(concurrency-mt-unsafe)
  std::error_code unreadable;
  // The specification ignores relative paths. Who became another user by su may have a folder that
  // was never made.
  if (runtime != nullptr && *runtime == '/' && fs::is_directory(runtime, unreadable)) {
    return fs::path(runtime) / "vcengine";
  }
  return "/tmp/vcengine-" + std::to_string(::geteuid());
}

ControlFolder::ControlFolder(const fs::path& path)
    : path_(path), folder_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
  if (!folder_) throw std::system_error(errno, std::generic_category(), path.string());
  struct stat state {};
  if (::fstat(folder_.get(), &state) != 0) {
    throw std::system_error(errno, std::generic_category(), path.string());
  }
  if (state.st_uid != ::geteuid()) {
    throw std::runtime_error(path.string() + " belongs to another user");
  }
  if ((state.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw std::runtime_error("others may write to " + path.string() + "; `chmod 700` it");
  }
}

ControlFolder ControlFolder::make(const fs::path& path) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    throw std::system_error(errno, std::generic_category(), path.string());
  }
  return ControlFolder(path);
}

sockaddr_un ControlFolder::address(const std::string& name) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = "/proc/self/fd/" + std::to_string(folder_.get()) + '/' + name;
  if (path.size() >= sizeof address.sun_path) {
    throw std::system_error(ENAMETOOLONG, std::generic_category(), (path_ / name).string());
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

std::vector<std::string> ControlFolder::sockets() const {
  std::vector<std::string> names;
  std::error_code error;
  const auto here = "/proc/self/fd/" + std::to_string(folder_.get());
  for (const auto& entry : fs::directory_iterator(here, error)) {
    auto name = entry.path().filename().string();
    if (name.ends_with(kControlSuffix) && !name.starts_with('.')) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

void ControlFolder::rename(const std::string& from, const std::string& to) const {
  if (::renameat(folder_.get(), from.c_str(), folder_.get(), to.c_str()) != 0) {
    throw std::system_error(errno, std::generic_category(), (path_ / to).string());
  }
}

void ControlFolder::remove(const std::string& name) const noexcept {
  ::unlinkat(folder_.get(), name.c_str(), 0);
}

std::optional<uid_t> peer_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

}  // namespace vcengine
