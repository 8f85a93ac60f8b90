#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace vcengine::bench {

struct ProgramRun {
  int status = 0;                    ///< as waitpid() gives it
  std::string output;                ///< standard output
  std::string errors;                ///< standard error
  std::chrono::nanoseconds whole{};  ///< from just before it was started until it was reaped
  std::optional<std::chrono::nanoseconds> first_output;  ///< until its first byte of output came
  std::chrono::nanoseconds cpu{};  ///< user and system time, with that of children it waited for
  std::chrono::nanoseconds
      others{};  ///< CPU time that everything else on the machine took meanwhile

  /// Throws std::runtime_error, with what it wrote to standard error, unless it ended with 0.
  void expect_success(const std::string& program) const;
};

/// CPU time that the machine has spent since it was started, all cores, with what a hypervisor took
/// for itself. Known to 10 ms.
std::chrono::nanoseconds busy_time();

/// Runs a program to its end in this process's environment. argv[0] is its path. Throws
/// std::system_error if it cannot be started.
ProgramRun run_program(const std::vector<std::string>& argv);

}  // namespace vcengine::bench
