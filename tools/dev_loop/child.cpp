#include "tools/dev_loop/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace vcengine {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

[[noreturn]] void become(const std::vector<char*>& argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // its keeper was killed
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

void kill_children() {
  std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  for (pid_t child = 0; children >> child;) ::kill(child, SIGKILL);
}

/// The program's status, once nobody is left.
int keep(pid_t program, std::chrono::seconds grace) {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGTERM);
  ::sigaddset(&awaited, SIGCHLD);
  int status = 0;
  bool asked = false;
  auto kill_at = Clock::time_point::max();
  for (;;) {
    int how = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(-1, &how, WNOHANG)) > 0) {
      if (ended != program) continue;
      status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
      if (!asked) kill_at = Clock::now();
    }
    if (ended < 0 && errno == ECHILD) return status;
    if (Clock::now() >= kill_at) kill_children();
    const timespec often{.tv_sec = 0, .tv_nsec = 20'000'000};
    const timespec seldom{.tv_sec = 1, .tv_nsec = 0};
    const bool ending = kill_at != Clock::time_point::max();
    if (::sigtimedwait(&awaited, nullptr, ending ? &often : &seldom) == SIGTERM) {
      asked = true;
      kill_at = std::min(kill_at, Clock::now() + grace);
      ::sigdelset(&awaited, SIGTERM);  // we are of the group as well
      ::kill(0, SIGTERM);
    }
  }
}

[[noreturn]] void be_keeper(const ChildCommand& command, pid_t parent, int output) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  if (::getppid() != parent) ::_exit(1);
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  if (command.captured) {
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
  }
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  std::vector<char*> argv;
  for (const auto& argument : command.argv) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t program = ::fork();
  if (program == 0) become(argv);
  ::_exit(program < 0 ? 126 : keep(program, command.grace));
}

}  // namespace

Child::Child(const ChildCommand& command) {
  std::array<int, 2> ends{-1, -1};
  if (command.captured && ::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
  pipe_ = FileDescriptor(ends[0]);
  const FileDescriptor write_end(ends[1]);
  if (pipe_) ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
  const pid_t self = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) be_keeper(command, self, write_end.get());
  pidfd_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!pidfd_) fail("pidfd_open");
}

Child::~Child() {
  if (pid_ == 0) return;
  ask_to_end();
  wait();
}

pid_t Child::program() const {
  const auto keeper = std::to_string(pid_);
  std::ifstream children("/proc/" + keeper + "/task/" + keeper + "/children");
  pid_t program = 0;
  children >> program;  // the eldest
  return program;
}

void Child::ask_to_end() noexcept {
  if (pid_ != 0) ::kill(pid_, SIGTERM);
}

void Child::read_output() {
  std::array<char, 65536> buffer;
  while (pipe_) {
    const auto size = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (size > 0) {
      output_.append(buffer.data(), static_cast<std::size_t>(size));
    } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
      pipe_.reset();
    } else if (errno == EAGAIN) {
      return;
    }
  }
}

int Child::wait() {
  std::array<pollfd, 2> events{{{pidfd_.get(), POLLIN, 0}, {-1, POLLIN, 0}}};
  do {
    read_output();
    events[1].fd = pipe_.get();
    ::poll(events.data(), events.size(), -1);
  } while ((events[0].revents & POLLIN) == 0);
  read_output();
  int how = 0;
  while (::waitpid(pid_, &how, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

}  // namespace vcengine
