/// The processes of one measurement: forked, each with a function to run, gone when it is over.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <vector>

namespace vcengine::bench {

class Processes {
 public:
  Processes() = default;
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;
  /// Kills and reaps those that are still there.
  ~Processes();

  /// On `core`, if given. What `work` throws goes to stderr and makes wait() throw. The process is
  /// killed after five minutes: nothing that is measured here takes so long.
  pid_t start(std::optional<int> core, const std::function<void()>& work);

  /// Until all have ended. Throws if one failed; the others are killed then.
  void wait();
  /// Until this one has ended.
  void wait_for(pid_t process);
  /// Until a signal that stops has stopped it.
  void wait_until_stopped(pid_t process) const;

  /// The process group of all of them, for a tracer.
  pid_t group() const noexcept { return pids_.empty() ? 0 : group_; }
  const std::vector<pid_t>& running() const noexcept { return pids_; }
  /// Of a process that somebody else has reaped.
  void ended(pid_t process, int status);

 private:
  void kill_all() noexcept;

  pid_t group_ = 0;
  std::vector<pid_t> pids_;
};

}  // namespace vcengine::bench
