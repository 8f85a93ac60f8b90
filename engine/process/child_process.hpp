/// Runs short-lived programs that may misbehave in any way, and keeps what they wrote.
///
/// The actors: the calling thread, and one child each in a process group of its own. Invariants:
///  1. run_children() returns only when every child it started has been reaped.
///  2. A child is signalled by its id only before it is reaped, when that id cannot be used again;
///  its
///     end is seen through its pidfd.
///  3. Its process group is killed before it is reaped, while the group's id cannot be reused: what
///  the
///     child started is gone as well.
///  4. A child's descriptors are 0 (/dev/null), 1 and 2 (kept, the tail of them), and kOutput.
///  Nothing
///     else of the host's is open in it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace vcengine {

struct ChildCommand {
  std::vector<std::string> argv;  ///< argv[0]: path of the program

  /// The descriptor a child writes its output to: not stdout, where any library may print.
  static constexpr int kOutput = 3;
};

struct ChildLimits {
  std::chrono::milliseconds timeout{10'000};        ///< of each child; then it is killed
  std::size_t output_bytes = std::size_t{4} << 20;  ///< a child that writes more is killed
  std::size_t error_bytes = 4096;  ///< of stdout and stderr, the last ones are kept
  std::size_t at_once = 0;         ///< 0: as many as there are processors
};

struct ChildResult {
  std::string launch_error;  ///< it could not be started, or not be watched: nothing else is set
  int exit_status = 0;       ///< if `signal` is 0
  int signal = 0;            ///< that ended it
  bool timed_out = false;    ///< killed for it
  bool too_much_output = false;  ///< killed for it
  std::string output;
  std::string errors;
};

/// Runs each command once, several at a time, and gives their results in the same order. Waits for
/// them on the calling thread, without threads of its own. Needs SIGCHLD not to be ignored.
std::vector<ChildResult> run_children(std::span<const ChildCommand> commands,
                                      const ChildLimits& limits);

/// The seam for tests: how to run children.
using RunChildren = std::function<std::vector<ChildResult>(std::span<const ChildCommand> commands,
                                                           const ChildLimits& limits)>;

}  // namespace vcengine
