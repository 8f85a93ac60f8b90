/// Writes to a descriptor that may never drain: a stopped terminal (Ctrl-S), a pager nobody
/// scrolls. The host watches processes and must not wait for a reader, so what does not go out is
/// dropped.
#pragma once

#include <string_view>

#include "file_descriptor.hpp"

namespace vcengine {

class UnblockingOutput {
 public:
  /// Borrows `fd`. O_NONBLOCK is never set on it: the flag belongs to the open file, which the
  /// shell and other programs share. A terminal is opened a second time instead.
  explicit UnblockingOutput(int fd);

  int fd() const noexcept { return fd_; }

  /// One write(2) for texts up to PIPE_BUF. False if not all of it went out, after a short wait at
  /// most, and at once while the reader is known to be stuck. The process must ignore SIGPIPE.
  bool write(std::string_view text) noexcept;

 private:
  int fd_;
  FileDescriptor own_;  // the same terminal, non-blocking; none for anything else
  bool stuck_ = false;
};

}  // namespace vcengine
