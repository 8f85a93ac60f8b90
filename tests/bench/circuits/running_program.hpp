/// A program that is looked at while it runs, with the processes that it started.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "file_descriptor.hpp"

namespace vcengine::bench {

class RunningProgram {
 public:
  /// Its output and errors go to memory.
  explicit RunningProgram(const std::vector<std::string>& argv);
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  /// Ends it: asked first, then killed.
  ~RunningProgram();

  /// Throws, with what it wrote, if it ends before, or if that takes two minutes.
  void wait_until(const std::function<bool()>& holds, const std::string& what);
  /// Until it has ended. Throws unless with status 0.
  void wait_for_end();

  /// Itself and its children.
  std::vector<pid_t> processes() const;
  /// Those of them that run a block whose name begins so.
  std::vector<pid_t> workers(const std::string& prefix) const;
  std::string output() const;

 private:
  bool has_ended();
  [[noreturn]] void fail(const std::string& why) const;

  FileDescriptor output_;
  pid_t pid_ = 0;
  int status_ = 0;
};

/// CPU time that they have used so far, together; what a process that has ended used is not in it.
std::chrono::nanoseconds cpu_time(const std::vector<pid_t>& processes);
/// CPU time that they use in `duration`, which this waits for.
std::chrono::nanoseconds cpu_time_within(std::chrono::nanoseconds duration,
                                         const std::vector<pid_t>& processes);

/// Their memory, what several share counted in parts (smaps_rollup).
std::int64_t pss_bytes(const std::vector<pid_t>& processes);

/// Bytes of frames that this process has written: of the pools that it maps to write to.
std::int64_t frames_written_bytes(pid_t process);

}  // namespace vcengine::bench
