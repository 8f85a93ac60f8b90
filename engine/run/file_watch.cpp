#include "engine/run/file_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace vcengine {

using namespace std::chrono_literals;

namespace {

/// A linker and what works on its file afterwards need less; a user does not notice.
constexpr auto kQuiet = 100ms;

/// The folders are watched, for files are replaced by others of their name.
constexpr std::uint32_t kChanges = IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR;

}  // namespace

FileWatch::FileWatch() : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)), quiet_(kQuiet) {
  if (!inotify_) throw std::system_error(errno, std::generic_category(), "inotify_init1");
}

void FileWatch::watch(const std::set<std::filesystem::path>& files) {
  files_ = files;
  for (const auto& file : files_) {
    const auto folder = file.parent_path();
    const int id = ::inotify_add_watch(inotify_.get(), folder.c_str(), kChanges);
    if (id >= 0) {
      folders_[id] = folder;
    } else if (errno != ENOENT) {
      throw std::system_error(errno, std::generic_category(), "cannot watch " + folder.string());
    }
  }
}

void FileWatch::read() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const auto size = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (size <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      const auto& event = *reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += sizeof event + event.len;
      const auto folder = folders_.find(event.wd);
      const bool ours =
          (event.mask & IN_Q_OVERFLOW) != 0 || (folder != folders_.end() && event.len > 0 &&
                                                files_.contains(folder->second / event.name));
      if (ours) quiet_.event(Clock::now());
    }
  }
}

}  // namespace vcengine
