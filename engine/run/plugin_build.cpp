#include "engine/run/plugin_build.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace vcengine {

PluginBuild::PluginBuild(std::filesystem::path file)
    : file_(std::move(file)),
      fd_(::open(file_.c_str(), O_RDONLY | O_CLOEXEC)),
      version_(file_version(file_)) {}

std::filesystem::path PluginBuild::path() const {
  if (!is_replaced()) return file_;
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd_.get());
}

bool PluginBuild::has_changed() const { return is_replaced() || file_version(file_) != version_; }

bool PluginBuild::is_replaced() const {
  struct stat held {};
  struct stat there {};
  if (!fd_ || ::fstat(fd_.get(), &held) != 0) return false;
  return ::stat(file_.c_str(), &there) != 0 || held.st_dev != there.st_dev ||
         held.st_ino != there.st_ino;
}

}  // namespace vcengine
