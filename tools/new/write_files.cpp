#include "tools/new/write_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>

#include "tools/common/refusal.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_write_error(const fs::path& path, int error) {
  throw WriteError(
      fmt::format("cannot write {}: {}", path.string(), std::generic_category().message(error)));
}

void refuse_existing(const fs::path& path) {
  throw Refusal(fmt::format(
      "{} is there already, and nothing is overwritten; choose another name, or another place with "
      "--folder",
      path.string()));
}

void require_parent(const fs::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code error;
  if (fs::is_directory(parent, error)) return;
  throw Refusal(
      fmt::format("there is no folder {0}; make it first: mkdir -p {0}", parent.string()));
}

/// Zero, or the errno that stopped it. `close` too may be the one to say that the disk is full.
int write_all(int descriptor, std::string_view text) {
  int error = 0;
  while (error == 0 && !text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  return ::close(descriptor) != 0 && error == 0 ? errno : error;
}

}  // namespace

void write_new_file(const fs::path& file, std::string_view text) {
  require_parent(file);
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno == EEXIST) refuse_existing(file);
  if (descriptor < 0) throw_write_error(file, errno);
  if (const int error = write_all(descriptor, text); error != 0) {
    ::unlink(file.c_str());
    throw_write_error(file, error);
  }
}

void write_folder(const fs::path& folder, const std::vector<NewFile>& files) {
  require_parent(folder);
  // mkdir is the check and the claim in one: two of us at once cannot both have it.
  if (::mkdir(folder.c_str(), 0777) != 0) {
    if (errno == EEXIST) refuse_existing(folder);
    throw_write_error(folder, errno);
  }
  std::vector<fs::path> written;
  try {
    for (const auto& file : files) {
      write_new_file(folder / file.name, file.text);
      written.push_back(folder / file.name);
    }
  } catch (...) {
    for (const auto& file : written) ::unlink(file.c_str());
    ::rmdir(folder.c_str());  // stays if somebody else put something there meanwhile
    throw;
  }
}

}  // namespace vcengine
