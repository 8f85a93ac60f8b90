#include "tools/dev_loop/source_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace vcengine {

namespace fs = std::filesystem;

namespace {

/// A file is looked at when its writer has closed it, or when it got its name: many editors write
/// another file and rename it.
constexpr std::uint32_t kChanges = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                   IN_CREATE | IN_EXCL_UNLINK | IN_ONLYDIR;

}  // namespace

bool is_source(const fs::path& file) {
  constexpr std::array kEndings = {".cpp", ".cc",  ".cxx", ".c",   ".hpp",   ".hh",   ".hxx",
                                   ".h",   ".ipp", ".inl", ".inc", ".cmake", ".yaml", ".yml"};
  const auto name = file.filename().string();
  return !name.starts_with('.') &&
         (name == "CMakeLists.txt" || name == "CMakePresets.json" ||
          std::ranges::find(kEndings, file.extension().string()) != kEndings.end());
}

SourceWatch::SourceWatch(fs::path folder)
    : root_(std::move(folder)), inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (!inotify_) throw std::system_error(errno, std::generic_category(), "inotify_init1");
  add(root_);
}

bool SourceWatch::ignored(const fs::path& folder) const {
  const auto name = folder.filename().string();
  return name.starts_with('.') ||
         (folder.parent_path() == root_ && (name == "build" || name == "plugins"));
}

bool SourceWatch::add(const fs::path& folder) {
  // Watched before it is listed: what comes in between is seen twice rather than never.
  const int id = ::inotify_add_watch(inotify_.get(), folder.c_str(), kChanges);
  if (id < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;  // gone again
    throw std::system_error(errno, std::generic_category(),
                            "cannot watch " + folder.string() +
                                (errno == ENOSPC ? " (raise fs.inotify.max_user_watches)" : ""));
  }
  folders_[id] = folder;
  bool sources = false;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_directory(error) && !entry->is_symlink(error)) {
      if (!ignored(entry->path())) sources = add(entry->path()) || sources;
    } else {
      sources = sources || is_source(entry->path());
    }
  }
  return sources;
}

bool SourceWatch::read() {
  bool changed = false;
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const auto size = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (size <= 0) return changed;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      const auto& event = *reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += sizeof event + event.len;
      if ((event.mask & IN_Q_OVERFLOW) != 0) {
        add(root_);
        changed = true;
      }
      const auto folder = folders_.find(event.wd);
      if (folder == folders_.end()) continue;
      if ((event.mask & IN_IGNORED) != 0) {
        folders_.erase(folder);
      } else if (event.len > 0) {
        const auto path = folder->second / event.name;
        if ((event.mask & IN_ISDIR) != 0) {
          const bool came = (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
          if (came && !ignored(path)) changed = add(path) || changed;
        } else if ((event.mask & IN_CREATE) == 0) {  // its writer has yet to close it
          changed = changed || is_source(path);
        }
      }
    }
  }
}

}  // namespace vcengine
