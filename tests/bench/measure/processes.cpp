#include "processes.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <system_error>

#include "cores.hpp"

namespace vcengine::bench {

namespace {

constexpr unsigned kWatchdogSeconds = 300;

[[noreturn]] void run_and_exit(std::optional<int> core, const std::function<void()>& work) {
  int status = EXIT_FAILURE;
  try {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::alarm(kWatchdogSeconds);
    if (core) pin_to(*core);
    work();
    status = EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "a process of the measurement: %s\n", error.what());
  }
  std::exit(status);  // in good order: libraries take their leave of their daemons
}

pid_t wait_for_one_of(pid_t group, int& status) {
  for (;;) {
    const auto ended = ::waitpid(-group, &status, __WALL);
    if (ended >= 0) return ended;
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
}

}  // namespace

Processes::~Processes() { kill_all(); }

pid_t Processes::start(std::optional<int> core, const std::function<void()>& work) {
  std::fflush(nullptr);
  const auto group = pids_.empty() ? 0 : group_;
  const auto pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid == 0) {
    ::setpgid(0, group);
    run_and_exit(core, work);
  }
  ::setpgid(pid, group);  // here too: whoever is first
  if (pids_.empty()) group_ = pid;
  pids_.push_back(pid);
  return pid;
}

void Processes::wait() {
  while (!pids_.empty()) {
    int status = 0;
    const auto process = wait_for_one_of(group_, status);
    ended(process, status);
  }
}

void Processes::wait_for(pid_t process) {
  while (std::ranges::find(pids_, process) != pids_.end()) {
    int status = 0;
    const auto other = wait_for_one_of(group_, status);
    ended(other, status);
  }
}

void Processes::wait_until_stopped(pid_t process) const {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(process), &info, WSTOPPED | WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitid");
  }
  if (info.si_code != CLD_STOPPED) throw std::runtime_error("a process ended instead of stopping");
}

void Processes::ended(pid_t process, int status) {
  std::erase(pids_, process);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  kill_all();
  throw std::runtime_error(WIFSIGNALED(status)
                               ? "a process of the measurement was killed by signal " +
                                     std::to_string(WTERMSIG(status))
                               : "a process of the measurement failed");
}

void Processes::kill_all() noexcept {
  for (const auto pid : pids_) ::kill(pid, SIGKILL);
  for (const auto pid : pids_) {
    while (::waitpid(pid, nullptr, __WALL) < 0 && errno == EINTR) {
    }
  }
  pids_.clear();
}

}  // namespace vcengine::bench
