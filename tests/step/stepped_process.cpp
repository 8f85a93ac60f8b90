#include "tests/step/stepped_process.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace vcengine::test {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kWatchdog{60};
constexpr int kBegin = SIGUSR1;
constexpr int kEnd = SIGUSR2;
constexpr int kForbidden = 77;
constexpr int kComplained = 1;

/// Where a child leaves its complaint: a page that it shares with us.
char* complaint() {
  constexpr std::size_t kSize = 4096;
  static char* const page = static_cast<char*>(
      ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return page;
}

void check_ptrace(long result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

[[noreturn]] void run_child(const std::function<void()>& body, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent || ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) {
    ::_exit(kForbidden);
  }
  try {
    body();
    ::_exit(0);
  } catch (const std::exception& error) {
    std::strncpy(complaint(), error.what(), 1024);
    ::_exit(kComplained);
  }
}

}  // namespace

void begin_steps() { ::kill(::getpid(), kBegin); }
void end_steps() { ::kill(::getpid(), kEnd); }

SteppedProcess::SteppedProcess(const std::function<void()>& body) {
  complaint()[0] = '\0';
  const auto parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) run_child(body, parent);
  const auto status = wait_stop();
  if (WIFEXITED(status) && WEXITSTATUS(status) == kForbidden) {
    pid_ = 0;
    throw PtraceForbidden("ptrace is not permitted here");
  }
  if (!WIFSTOPPED(status) || WSTOPSIG(status) != kBegin) ended(status);
  check_ptrace(::ptrace(PTRACE_SETOPTIONS, pid_, nullptr, PTRACE_O_EXITKILL), "PTRACE_SETOPTIONS");
}

SteppedProcess::~SteppedProcess() {
  if (pid_ != 0) kill();
}

void SteppedProcess::kill() {
  ::kill(pid_, SIGKILL);
  int status = 0;
  // A stop that it was in may be told first.
  while (::waitpid(pid_, &status, 0) == pid_ && !WIFSIGNALED(status) && !WIFEXITED(status)) {
  }
  pid_ = 0;
}

int SteppedProcess::wait_stop() {
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) {
    throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return status;
}

void SteppedProcess::ended(int status) {
  const auto child = std::exchange(pid_, 0);
  if (WIFSTOPPED(status)) {  // by a signal that nobody expected
    pid_ = child;
    const auto number = WSTOPSIG(status);
    kill();
    throw Violation("the stepped process was stopped by signal " + std::to_string(number) + " (" +
                    ::strsignal(number) + ")");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kComplained) {
    throw Violation("the stepped process: " + std::string(complaint()));
  }
  throw Violation("the stepped process ended with wait status " + std::to_string(status));
}

SteppedProcess::Stop SteppedProcess::stop_of(int status) {
  if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP) return Stop::stepped;
  if (WIFSTOPPED(status) && WSTOPSIG(status) == kEnd) return Stop::end;
  ended(status);
}

bool SteppedProcess::sleeps() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  const auto state = stat.rfind(") ");
  return state != std::string::npos && state + 2 < stat.size() && stat[state + 2] == 'S';
}

SteppedProcess::Stop SteppedProcess::resume(int request, bool may_sleep) {
  check_ptrace(::ptrace(static_cast<__ptrace_request>(request), pid_, nullptr, nullptr), "ptrace");
  if (!may_sleep) return stop_of(wait_stop());
  constexpr int kPatience = 50;  // turns of the other process, until we look closer
  for (int turn = 1;; ++turn) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) return stop_of(status);
    if (turn % kPatience == 0 && sleeps()) return Stop::asleep;
    ::sched_yield();
  }
}

SteppedProcess::Stop SteppedProcess::step(bool may_sleep) {
  return resume(PTRACE_SINGLESTEP, may_sleep);
}

SteppedProcess::Stop SteppedProcess::wait_for_step() {
  for (const auto due = Clock::now() + kWatchdog; Clock::now() < due;) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) return stop_of(status);
    ::sched_yield();
  }
  throw Violation("the stepped process sleeps on: a lost wake-up");
}

#ifdef __x86_64__

namespace {

constexpr auto kProgramCounter = offsetof(user, regs.rip);

/// A breakpoint in a child of ours; its code pages are its own from the first write on.
class Breakpoint {
 public:
  Breakpoint(pid_t child, std::uint64_t address)
      : child_(child),
        address_(address),
        code_(::ptrace(PTRACE_PEEKTEXT, child, address, nullptr)) {}

  void set() const { put((code_ & ~0xffL) | 0xcc); }  // int3
  void remove() const { put(code_); }

 private:
  void put(long code) const {
    check_ptrace(::ptrace(PTRACE_POKETEXT, child_, address_, code), "PTRACE_POKETEXT");
  }

  pid_t child_;
  std::uint64_t address_;
  long code_;
};

}  // namespace

std::uint64_t SteppedProcess::next_instruction() const {
  const auto next = ::ptrace(PTRACE_PEEKUSER, pid_, kProgramCounter, nullptr);
  // Nobody can write to the kernel's code in this process, which tells the time.
  const auto code = ::ptrace(PTRACE_PEEKTEXT, pid_, next, nullptr);
  if (::ptrace(PTRACE_POKETEXT, pid_, next, code) != 0) return 0;
  return static_cast<std::uint64_t>(next);
}

bool SteppedProcess::go_to(std::uint64_t instruction, std::uint64_t n,
                           const std::function<void()>& wake) {
  const Breakpoint breakpoint(pid_, instruction);
  const auto resume_awake = [&](int request) {
    auto stop = resume(request, static_cast<bool>(wake));
    if (stop != Stop::asleep) return stop;
    wake();
    return wait_for_step();
  };
  std::uint64_t times = 0;
  for (;;) {
    if (next_instruction() != instruction) {  // one that repeats itself stays where it is
      breakpoint.set();
      if (resume_awake(PTRACE_CONT) == Stop::end) return false;
      breakpoint.remove();
      check_ptrace(::ptrace(PTRACE_POKEUSER, pid_, kProgramCounter, instruction),
                   "PTRACE_POKEUSER");
    }
    if (++times == n) return true;
    if (resume_awake(PTRACE_SINGLESTEP) == Stop::end) return false;
  }
}

#else

std::uint64_t SteppedProcess::next_instruction() const { return 0; }
bool SteppedProcess::go_to(std::uint64_t, std::uint64_t, const std::function<void()>&) {
  return false;
}

#endif

void SteppedProcess::run_to_end_of_steps() {
  check_ptrace(::ptrace(PTRACE_CONT, pid_, nullptr, nullptr), "PTRACE_CONT");
  if (wait_for_step() != Stop::end) throw Violation("the stepped process met a trap");
}

void SteppedProcess::let_go() {
  check_ptrace(::ptrace(PTRACE_DETACH, pid_, nullptr, nullptr), "PTRACE_DETACH");
}

void SteppedProcess::expect_success() {
  for (const auto due = Clock::now() + kWatchdog; Clock::now() < due;) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ended(status);
      pid_ = 0;
      return;
    }
    ::sched_yield();
  }
  throw Violation("the stepped process, let go, does not come to its end");
}

void SteppedProcess::hear_complaint() {
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ended(status);
  pid_ = 0;
}

}  // namespace vcengine::test
