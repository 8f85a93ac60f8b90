#include "wire/futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>

namespace vcengine::wire {

namespace {

long futex_waitv(futex_waitv* waiters, unsigned count, timespec* deadline) noexcept {
  return ::syscall(SYS_futex_waitv, waiters, count, 0, deadline, CLOCK_MONOTONIC);
}

timespec monotonic_after(std::chrono::nanoseconds timeout) noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto due = std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec) +
                   std::max(timeout, std::chrono::nanoseconds{0});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(due);
  return {.tv_sec = seconds.count(), .tv_nsec = (due - seconds).count()};
}

}  // namespace

void futex_wake(const Word32& word) noexcept {
  ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void futex_wait(std::span<const Sleep> sleeps, std::chrono::nanoseconds timeout) noexcept {
  std::array<struct futex_waitv, kMaxSleeps> waiters{};
  const auto count = std::min(sleeps.size(), waiters.size());
  for (std::size_t i = 0; i < count; ++i) {
    waiters[i].val = sleeps[i].seen;
    waiters[i].uaddr = reinterpret_cast<std::uintptr_t>(sleeps[i].word);
    waiters[i].flags = FUTEX_32;  // shared between processes: no FUTEX_PRIVATE_FLAG
  }
  auto deadline = monotonic_after(timeout);
  futex_waitv(waiters.data(), static_cast<unsigned>(count), &deadline);
}

bool has_futex_waitv() noexcept {
  const char* refused = std::getenv("VCENGINE_NO_FUTEX_WAITV");
  if (refused != nullptr && *refused == '1') return false;
  const Word32 word{1};
  struct futex_waitv waiter {};
  waiter.val = 0;  // not the word's value: returns at once with EAGAIN where the call exists
  waiter.uaddr = reinterpret_cast<std::uintptr_t>(&word);
  waiter.flags = FUTEX_32;
  auto deadline = monotonic_after(std::chrono::nanoseconds{0});
  return futex_waitv(&waiter, 1, &deadline) >= 0 || errno == EAGAIN || errno == ETIMEDOUT;
}

void EventfdDoorbell::ring(const Word32&) noexcept {
  for (const int fd : eventfds_) {
    const std::uint64_t one = 1;
    // A full counter (EAGAIN) means that the sleeper has been woken more than enough.
    [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
  }
}

}  // namespace vcengine::wire
