/// What the kernel says about processes: /proc, pidfds, /dev/shm.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "file_descriptor.hpp"

namespace vcengine::test {

/// Empty for a file that is not there, or of a process that ends meanwhile.
std::string read_file(const std::filesystem::path& path);

/// argv[0]; empty for one that is gone.
std::string title_of(pid_t process);
/// The files and memory that it maps, as /proc/PID/maps has them.
std::string maps_of(pid_t process);
std::vector<pid_t> children_of(pid_t process);

struct WorkerId {
  pid_t pid;
  std::string name;  ///< "edges/detect"
};

/// The workers of a host, those that describe plugins left out.
std::vector<WorkerId> workers_of(pid_t host);

/// Names in /dev/shm.
std::set<std::string> shared_memory();
/// Those of `before` or fewer are there, or will be before the watchdog barks: others use /dev/shm
/// too, for a moment.
bool shared_memory_is_as(const std::set<std::string>& before);

/// Of this process.
std::size_t open_descriptors();

/// Sees the end of a process that is no child of ours, whoever gets its number next.
class Watched {
 public:
  explicit Watched(pid_t process);
  bool has_ended() const;

 private:
  FileDescriptor pidfd_;
};

/// Makes this process inherit every process that its children leave behind.
void adopt_orphans();
/// Have all processes that came from us ended? Reaps those that have.
bool no_children_left();

}  // namespace vcengine::test
