#include "program_run.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace vcengine::bench {

namespace {

using Clock = std::chrono::steady_clock;

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

class SpawnActions {
 public:
  SpawnActions() { check(::posix_spawn_file_actions_init(&actions_), "posix_spawn"); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  void open(int fd, const char* path) {
    check(::posix_spawn_file_actions_addopen(&actions_, fd, path, O_RDONLY, 0), path);
  }
  void place(int from, int to) {
    check(::posix_spawn_file_actions_adddup2(&actions_, from, to), "dup2");
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::chrono::nanoseconds duration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

/// Reads until the end of the file; `on_bytes` is called with each piece.
template <class OnBytes>
void read_all(int fd, OnBytes on_bytes) {
  std::array<char, 16384> bytes{};
  for (;;) {
    const auto got = ::read(fd, bytes.data(), bytes.size());
    if (got == 0) return;
    if (got > 0) on_bytes(std::string_view(bytes.data(), static_cast<std::size_t>(got)));
    if (got < 0 && errno != EINTR) check(errno, "read");
  }
}

}  // namespace

void ProgramRun::expect_success(const std::string& program) const {
  if (status == 0) return;
  const auto how = WIFSIGNALED(status) ? "was killed by signal " + std::to_string(WTERMSIG(status))
                                       : "ended with status " + std::to_string(WEXITSTATUS(status));
  throw std::runtime_error(program + " " + how + "\n" + errors);
}

std::chrono::nanoseconds busy_time() {
  std::ifstream file("/proc/stat");
  std::string cpu;
  std::int64_t user = 0, nice = 0, system = 0, idle = 0, io_wait = 0, irq = 0, soft_irq = 0,
               steal = 0;
  file >> cpu >> user >> nice >> system >> idle >> io_wait >> irq >> soft_irq >> steal;
  if (!file || cpu != "cpu") throw std::runtime_error("/proc/stat makes no sense");
  const auto ticks = user + nice + system + irq + soft_irq + steal;
  return std::chrono::nanoseconds(ticks * (1'000'000'000 / ::sysconf(_SC_CLK_TCK)));
}

ProgramRun run_program(const std::vector<std::string>& argv) {
  std::vector<char*> arguments;
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);

  std::array<int, 2> pipe{};
  check(::pipe2(pipe.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
  const int errors = ::memfd_create("errors", MFD_CLOEXEC);
  check(errors >= 0 ? 0 : errno, "memfd_create");
  SpawnActions actions;
  actions.open(STDIN_FILENO, "/dev/null");
  actions.place(pipe[1], STDOUT_FILENO);
  actions.place(errors, STDERR_FILENO);

  ProgramRun run;
  pid_t pid = 0;
  const auto busy_before = busy_time();
  const auto start = Clock::now();
  check(::posix_spawn(&pid, arguments[0], actions.get(), nullptr, arguments.data(), environ),
        arguments[0]);
  ::close(pipe[1]);
  read_all(pipe[0], [&](std::string_view bytes) {
    if (!run.first_output) run.first_output = Clock::now() - start;
    run.output += bytes;
  });
  rusage usage{};
  while (::wait4(pid, &run.status, 0, &usage) < 0) check(errno == EINTR ? 0 : errno, "wait4");
  run.whole = Clock::now() - start;
  run.cpu = duration(usage.ru_utime) + duration(usage.ru_stime);
  run.others = std::max(busy_time() - busy_before - run.cpu, std::chrono::nanoseconds{0});
  ::close(pipe[0]);
  ::lseek(errors, 0, SEEK_SET);
  read_all(errors, [&](std::string_view bytes) { run.errors += bytes; });
  ::close(errors);
  return run;
}

}  // namespace vcengine::bench
