#include "engine/crash/crash_handler.hpp"

#include <execinfo.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include "engine/crash/crash_record.hpp"
#include "engine/crash/crash_registers.hpp"

namespace vcengine {

namespace {

constexpr std::array kCrashSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};

/// The unwinder needs some KiB, the registers of wide vector units up to 11 more.
constexpr std::size_t kStackBytes = std::size_t{128} << 10;

/// A signal handler gets no argument of ours: the only global of the worker.
struct Handler {
  const CrashSite* site = nullptr;
  int report_fd = -1;
  int maps_fd = -1;  // opened in advance: a sandbox, or a leak of descriptors, may forbid it later
  pid_t process = 0;
  std::atomic<pid_t> owner{0};  // the first thread that crashed; it alone writes
  volatile std::sig_atomic_t first_signal = 0;
};
Handler handler;
static_assert(std::atomic<pid_t>::is_always_lock_free);

void die(int signal) noexcept {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(signal, &standard, nullptr);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
  ::_exit(128 + signal);  // process 1 of a container: its default actions are ignored
}

void write_at(off_t offset, const void* data, std::size_t size) noexcept {
  const auto* bytes = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::pwrite(handler.report_fd, bytes, size, offset);
    if (written <= 0) return;  // EINTR cannot be: signals that return are blocked
    bytes += written;
    offset += written;
    size -= static_cast<std::size_t>(written);
  }
}

void write_maps(off_t offset) noexcept {
  std::array<char, 4096> part;
  for (;;) {
    const ssize_t size = ::read(handler.maps_fd, part.data(), part.size());
    if (size <= 0) return;
    write_at(offset, part.data(), static_cast<std::size_t>(size));
    offset += size;
  }
}

/// With the tables that exception handling uses too: most libraries, OpenCV's among them, keep no
/// frame pointers, so a chain of those ends at the first of their functions. Since GCC 12 and
/// glibc 2.35 the unwinder takes no lock and allocates nothing once it has run. False if it did not
/// get through to the crashing instruction.
bool unwind_by_tables(CrashRecord& record) noexcept {
  constexpr std::size_t kOwnFrames = 8;
  std::array<void*, CrashRecord::kMaxFrames + kOwnFrames> addresses{};
  const int count = ::backtrace(addresses.data(), static_cast<int>(addresses.size()));
  const auto end = addresses.begin() + std::max(count, 0);
  auto* const crashed =
      reinterpret_cast<void*>(record.frames[0]);  // NOLINT(performance-no-int-to-ptr)
  auto frame = std::find(addresses.begin(), end, crashed);
  if (frame == end) return false;
  record.frame_count = 0;
  for (; frame != end && record.frame_count < CrashRecord::kMaxFrames; ++frame) {
    record.frames[record.frame_count++] = reinterpret_cast<std::uintptr_t>(*frame);
  }
  return true;
}

void on_crash(int signal, siginfo_t* info, void* context) noexcept {
  const int error = errno;
  if (::getpid() != handler.process) die(signal);  // a child that a block forked
  pid_t nobody = 0;
  const pid_t self = ::gettid();
  if (!handler.owner.compare_exchange_strong(nobody, self)) {
    while (nobody != self) ::pause();  // another thread is at it; the process ends soon
    die(handler.first_signal);         // this handler crashed
  }
  handler.first_signal = signal;

  const CrashRegisters registers = crash_registers(context);
  CrashRecord record;
  record.signal = signal;
  record.code = info->si_code;
  record.address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  record.stack_pointer = registers.stack_pointer;
  record.error = static_cast<std::uint64_t>(error);
  if (signal == SIGSEGV && info->si_code == SEGV_ACCERR) {
    if (const auto* input = handler.site->input_at(record.address)) record.read_only_input = *input;
  }
  unwind_by_frame_pointers(registers, record);
  write_at(0, &record, sizeof record);
  write_maps(sizeof record);
  if (is_readable(registers.instruction) && unwind_by_tables(record)) {
    write_at(0, &record, sizeof record);
  }
  die(signal);
}

void use_own_stack() {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* memory = ::mmap(nullptr, page + kStackBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "crash stack");
  ::mprotect(memory, page, PROT_NONE);  // without it, still better than no stack
  stack_t stack{};
  stack.ss_sp = static_cast<char*>(memory) + page;
  stack.ss_size = kStackBytes;
  if (::sigaltstack(&stack, nullptr) != 0) {
    throw std::system_error(errno, std::generic_category(), "sigaltstack");
  }
}

}  // namespace

void install_crash_handler(const CrashSite& site, int report_fd) {
  handler.site = &site;
  handler.report_fd = report_fd;
  handler.maps_fd = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  handler.process = ::getpid();
  void* unused = nullptr;
  ::backtrace(&unused, 1);  // the first call loads and initialises the unwinder, which allocates
  use_own_stack();

  struct sigaction action {};
  action.sa_sigaction = on_crash;
  // SA_NODEFER and not SA_RESETHAND: a crash in here comes back to here, so that the process still
  // dies of the first signal; a crash of another thread does not end it before the record is
  // complete.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  ::sigfillset(&action.sa_mask);
  for (const int signal : kCrashSignals) ::sigdelset(&action.sa_mask, signal);
  for (const int signal : kCrashSignals) {
    if (::sigaction(signal, &action, nullptr) != 0) {
      throw std::system_error(errno, std::generic_category(), "sigaction");
    }
  }
}

}  // namespace vcengine
