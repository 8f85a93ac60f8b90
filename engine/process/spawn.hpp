/// Starting a program with exactly the descriptors it is meant to have.
#pragma once

#include <sys/types.h>

#include <map>
#include <span>
#include <string>

#include "file_descriptor.hpp"

namespace vcengine {

/// Both ends close on exec; the read end does not block.
struct Pipe {
  FileDescriptor read, write;
};

/// Throws std::system_error. The write end's number is `clear_of` or above: placing it in a child
/// below that never overwrites another one, even in a host started with its own 0, 1 or 2 closed.
Pipe make_pipe(int clear_of);

/// Descriptor `from` of this process becomes `to` in the child.
struct Placement {
  int from;
  int to;
};

/// Starts `argv[0]` (a path) in a process group of its own, with no signal blocked or ignored. Its
/// stdin is /dev/null; `placed` are its other descriptors, in ascending order of `to` from 1
/// without a gap; all else is closed. Throws std::system_error if it cannot be started, also for a
/// missing program.
pid_t spawn(std::span<const std::string> argv, std::span<const Placement> placed);
/// The same for the program at a path, whose argv[0] is what `ps` shows. `variables` are set in its
/// environment, beside ours.
pid_t spawn(const std::string& program, std::span<const std::string> argv,
            std::span<const Placement> placed, const std::map<std::string, std::string>& variables);

/// A copy of the descriptor, closed on exec, with a number of `clear_of` or above (see make_pipe).
/// Throws std::system_error.
FileDescriptor duplicate(int fd, int clear_of);

/// Throws std::system_error. Only for a child that is not reaped yet.
FileDescriptor open_pidfd(pid_t child);

}  // namespace vcengine
