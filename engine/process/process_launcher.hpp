/// Starts and ends worker processes. [host, on the thread that lives as long as the host: the
/// kernel kills the workers when that thread ends]
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>

#include "engine/control/channel.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

/// The host's ends of a worker.
struct WorkerProcess {
  pid_t pid = 0;
  FileDescriptor pidfd;  ///< readable once it has ended
  Channel control;
  FileDescriptor output;  ///< what it writes to stdout and stderr; they do not block
  FileDescriptor errors;
  FileDescriptor crash_report;  ///< what it wrote when it crashed
};

/// How a process ended.
struct ProcessEnd {
  int status = 0;  ///< if `signal` is 0
  int signal = 0;
};

/// The seam for tests of the supervisor.
class ProcessLauncher {
 public:
  virtual ~ProcessLauncher() = default;

  using Variables = std::map<std::string, std::string>;

  /// `title` is what `ps` shows; `env` is set in its environment, beside that of the host. Throws
  /// std::system_error.
  virtual WorkerProcess launch(const std::string& title, const Variables& env) = 0;
  /// Sends a signal to its process group. Safe when it has ended, as long as it was not reaped.
  virtual void signal(const WorkerProcess& worker, int number) noexcept = 0;
  /// Waits for its end, kills what is left of its process group, and reaps it.
  virtual ProcessEnd reap(const WorkerProcess& worker) noexcept = 0;
};

class WorkerLauncher final : public ProcessLauncher {
 public:
  explicit WorkerLauncher(std::filesystem::path program) : program_(std::move(program)) {}

  WorkerProcess launch(const std::string& title, const Variables& env) override;
  void signal(const WorkerProcess& worker, int number) noexcept override;
  ProcessEnd reap(const WorkerProcess& worker) noexcept override;

 private:
  std::filesystem::path program_;
};

}  // namespace vcengine
