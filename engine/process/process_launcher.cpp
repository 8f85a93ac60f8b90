#include "engine/process/process_launcher.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "engine/process/spawn.hpp"
#include "engine/process/worker_descriptors.hpp"
#include "wire/segment.hpp"

namespace vcengine {

namespace {

/// Above every number that a worker's descriptors are placed at.
constexpr int kClear = kCrashDescriptor + 1;

}  // namespace

WorkerProcess WorkerLauncher::launch(const std::string& title, const Variables& env) {
  auto output = make_pipe(kClear);
  auto errors = make_pipe(kClear);
  auto [host_end, worker_end] = Channel::make();
  const auto control = duplicate(worker_end.fd(), kClear);
  // A crash report is written by a process that may be doing anything: a memfd takes it without
  // blocking.
  const auto crash = wire::create_unsealed_file("vcengine:crash");
  const auto crash_copy = duplicate(crash.get(), kClear);

  const std::array argv = {title, std::string("--parent"), std::to_string(::getpid())};
  const std::array placed = {
      Placement{output.write.get(), STDOUT_FILENO}, Placement{errors.write.get(), STDERR_FILENO},
      Placement{control.get(), kControlDescriptor}, Placement{crash_copy.get(), kCrashDescriptor}};
  WorkerProcess worker;
  worker.pid = spawn(program_.string(), argv, placed, env);
  worker.control = std::move(host_end);
  worker.output = std::move(output.read);
  worker.errors = std::move(errors.read);
  worker.crash_report = duplicate(crash.get(), 0);
  try {
    worker.pidfd = open_pidfd(worker.pid);
  } catch (...) {
    ::kill(-worker.pid, SIGKILL);
    ::waitpid(worker.pid, nullptr, 0);
    throw;
  }
  return worker;
}

void WorkerLauncher::signal(const WorkerProcess& worker, int number) noexcept {
  ::kill(-worker.pid, number);
}

ProcessEnd WorkerLauncher::reap(const WorkerProcess& worker) noexcept {
  siginfo_t info{};
  // Seen, not reaped yet: its process group's number cannot be in other use, so what is left of it
  // (what the block started) can be killed.
  while (::waitid(P_PID, static_cast<id_t>(worker.pid), &info, WEXITED | WNOWAIT) != 0 &&
         errno == EINTR) {
  }
  ::kill(-worker.pid, SIGKILL);
  while (::waitid(P_PID, static_cast<id_t>(worker.pid), &info, WEXITED) != 0 && errno == EINTR) {
  }
  if (info.si_code == CLD_EXITED) return {.status = info.si_status, .signal = 0};
  return {.status = 0, .signal = info.si_status};
}

}  // namespace vcengine
