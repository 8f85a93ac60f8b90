/// Runs a program, and ends it with all that it started.
///
/// The actors: this process; for each program a keeper, its child, who leads a process group of its
/// own and inherits every process orphaned below it; the program, in that group. Invariants:
///  1. A keeper ends only when nothing below it is left.
///  2. At SIGTERM, which the kernel also sends when this process dies, it passes the signal on to
///  its
///     group; what is still there after the grace is killed.
///  3. When the program has ended by itself, what it left behind is killed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "file_descriptor.hpp"

namespace vcengine {

struct ChildCommand {
  std::vector<std::string> argv;  ///< argv[0] is looked up on PATH
  bool captured = true;           ///< what it writes is kept; otherwise it goes where ours goes
  std::chrono::seconds grace{2};
};

class Child {
 public:
  /// Throws std::system_error. A program that is not there ends with status 127.
  explicit Child(const ChildCommand& command);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Ends it, and waits until it has.
  ~Child();

  int fd() const noexcept { return pidfd_.get(); }        ///< readable once all of it has ended
  int output_fd() const noexcept { return pipe_.get(); }  ///< -1: nothing more comes

  pid_t program() const;  ///< 0: it has ended
  void ask_to_end() noexcept;
  void read_output();
  const std::string& output() const noexcept { return output_; }

  /// Waits for its end; its exit status as a shell shows it.
  int wait();

 private:
  pid_t pid_ = 0;
  FileDescriptor pidfd_, pipe_;
  std::string output_;
};

}  // namespace vcengine
