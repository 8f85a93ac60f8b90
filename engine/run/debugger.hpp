/// gdb in the user's terminal, attached to one worker. [host]
///
/// It is in the host's process group: Ctrl-C and Ctrl-Z reach both, as in any job of a shell, and
/// the host leaves the first to gdb. While gdb traces a worker, only gdb sees its end: who reaps
/// that worker waits for gdb first.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "file_descriptor.hpp"

namespace vcengine {

/// Where to stop first.
struct DebugTarget {
  pid_t worker = 0;
  std::string class_name;      ///< of the block
  std::uintptr_t process = 0;  ///< address of its process()
};

class Debugger {
 public:
  /// `gdb` is a path; `commands` run once the first breakpoint is set, before the worker goes on.
  Debugger(std::string gdb, std::size_t block, std::vector<std::string> commands);
  Debugger(const Debugger&) = delete;
  Debugger& operator=(const Debugger&) = delete;
  ~Debugger() { kill(); }

  std::size_t block() const noexcept { return block_; }

  /// Throws std::system_error.
  void start(const DebugTarget& target);

  bool running() const noexcept { return pid_ != 0; }
  int fd() const noexcept { return pidfd_.get(); }  ///< readable once it has ended
  void ask_to_end() noexcept;                       ///< it leaves the terminal as it found it
  void kill() noexcept;
  void reap() noexcept;

 private:
  std::string gdb_;
  std::size_t block_;
  std::vector<std::string> commands_;
  pid_t pid_ = 0;
  FileDescriptor pidfd_;
};

}  // namespace vcengine
