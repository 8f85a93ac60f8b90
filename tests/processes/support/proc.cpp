#include "tests/processes/support/proc.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

#include "tests/processes/support/process.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kWorkerTitle = "vcengine-worker: ";

fs::path proc(pid_t process) { return "/proc/" + std::to_string(process); }

/// The parent's id: the second field after the name, which is in brackets and may hold anything.
pid_t parent_of(pid_t process) {
  const auto stat = read_file(proc(process) / "stat");
  const auto bracket = stat.rfind(')');
  if (bracket == std::string::npos || bracket + 4 > stat.size()) return 0;
  pid_t parent = 0;
  std::from_chars(stat.data() + bracket + 4, stat.data() + stat.size(), parent);
  return parent;
}

}  // namespace

std::string read_file(const fs::path& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  // Not through iterators: those throw if a process ends between open() and read().
  if (file) text << file.rdbuf();
  return text.str();
}

std::string title_of(pid_t process) {
  const auto arguments = read_file(proc(process) / "cmdline");
  return arguments.substr(0, arguments.find('\0'));
}

std::string maps_of(pid_t process) { return read_file(proc(process) / "maps"); }

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    pid_t id = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (error == std::errc() && *end == '\0' && parent_of(id) == process) children.push_back(id);
  }
  return children;
}

std::vector<WorkerId> workers_of(pid_t host) {
  std::vector<WorkerId> workers;
  for (const auto child : children_of(host)) {
    const auto title = title_of(child);
    if (title.starts_with(kWorkerTitle))
      workers.push_back({child, title.substr(kWorkerTitle.size())});
  }
  return workers;
}

std::set<std::string> shared_memory() {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry("/dev/shm", error), end; !error && entry != end;
       entry.increment(error)) {
    names.insert(entry->path().filename());
  }
  return names;
}

bool shared_memory_is_as(const std::set<std::string>& before) {
  return eventually([&] { return std::ranges::includes(before, shared_memory()); });
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

Watched::Watched(pid_t process) : pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))) {}

bool Watched::has_ended() const {
  if (!pidfd_) return true;  // before we could look
  pollfd event{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&event, 1, 0) > 0;
}

void adopt_orphans() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

bool no_children_left() {
  for (;;) {
    const auto reaped = ::waitpid(-1, nullptr, WNOHANG);
    if (reaped < 0) return errno == ECHILD;
    if (reaped == 0) return false;
  }
}

}  // namespace vcengine::test
