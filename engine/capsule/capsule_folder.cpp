#include "engine/capsule/capsule_folder.hpp"

#include <fmt/chrono.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <system_error>
#include <vector>

namespace vcengine {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTemporary = ".capsule-";
constexpr const char* kEnding = ".capsule";
/// No host writes for so long at one.
constexpr auto kAbandoned = std::chrono::hours(1);

[[noreturn]] void fail(const fs::path& path, int error) {
  throw CapsuleError(path.string() + ": cannot be made (" + std::generic_category().message(error) +
                     ")");
}

/// Of what a name may hold in any file system, and no dot at its start.
std::string plain(std::string text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (char& c : text) {
    if (!is_plain(c)) c = '_';
  }
  return text.substr(0, 60);
}

/// For their user alone: frames may show anything.
void make_folders(const fs::path& path) {
  std::error_code ignored;
  if (path.empty() || fs::is_directory(path, ignored)) return;
  make_folders(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail(path, errno);
}

/// With the files that a capsule has; a folder in which there is anything else stays.
void remove_capsule(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (is_capsule_file(entry.path().filename().string())) fs::remove(entry.path(), ignored);
  }
  fs::remove(folder, ignored);
}

std::uint64_t size_of(const fs::path& folder) {
  std::error_code error;
  std::uint64_t size = 0;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (const auto bytes = entry.file_size(error); !error) size += bytes;
  }
  return size;
}

struct Kept {
  fs::path path;
  fs::file_time_type made;
};

}  // namespace

fs::path CapsuleFolder::add(const Capsule& capsule) const {
  make_folders(path_);
  const auto temporary = make_temporary();
  try {
    write_capsule(capsule, temporary);
    auto path = name(capsule, temporary);
    remove_old(path);
    return path;
  } catch (...) {
    remove_capsule(temporary);
    throw;
  }
}

fs::path CapsuleFolder::make_temporary() const {
  auto folder = (path_ / (std::string(kTemporary) + "XXXXXX")).string();
  if (::mkdtemp(folder.data()) == nullptr) fail(path_, errno);
  return folder;
}

fs::path CapsuleFolder::name(const Capsule& capsule, const fs::path& temporary) const {
  const auto now = fmt::localtime(std::time(nullptr));
  const auto stem =
      fmt::format("{}-{}-{:%Y%m%d-%H%M%S}", plain(capsule.circuit), plain(capsule.block), now);
  for (int number = 1;; ++number) {
    auto path =
        path_ / (number == 1 ? stem + kEnding : fmt::format("{}-{}{}", stem, number, kEnding));
    if (::rename(temporary.c_str(), path.c_str()) == 0) return path;
    if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR) fail(path, errno);
  }
}

void CapsuleFolder::remove_old(const fs::path& newest) const {
  std::vector<Kept> kept;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path_, error)) {
    const auto& path = entry.path();
    const auto made = fs::last_write_time(path, error);
    if (error || !entry.is_directory(error) || path == newest) continue;
    if (path.filename().string().starts_with(kTemporary)) {
      if (fs::file_time_type::clock::now() - made > kAbandoned) remove_capsule(path);
    } else if (path.extension() == kEnding && fs::exists(path / kCapsuleFile, error)) {
      kept.push_back({path, made});
    }
  }
  std::ranges::sort(kept, std::ranges::greater(), &Kept::made);
  auto bytes = size_of(newest);
  std::size_t count = 1;
  for (const auto& capsule : kept) {
    bytes += size_of(capsule.path);
    if (++count > limits_.newest || bytes > limits_.all_bytes) remove_capsule(capsule.path);
  }
}

}  // namespace vcengine
