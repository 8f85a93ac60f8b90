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

timespec timespec_of(std::chrono::steady_clock::time_point time) noexcept {
  const auto since = std::max(time.time_since_epoch(), std::chrono::nanoseconds{0});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
  return {.tv_sec = seconds.count(), .tv_nsec = (since - seconds).count()};
}

}  // namespace

void futex_wake(const Word32& word) noexcept {
  ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

bool futex_wait(std::span<const Sleep> sleeps,
                std::chrono::steady_clock::time_point deadline) noexcept {
  std::array<struct futex_waitv, kMaxSleeps> waiters;  // 3 KiB: only what is used is written
  const auto count = std::min(sleeps.size(), waiters.size());
  for (std::size_t i = 0; i < count; ++i) {
    waiters[i] = {};
    waiters[i].val = sleeps[i].seen;
    waiters[i].uaddr = reinterpret_cast<std::uintptr_t>(sleeps[i].word);
    waiters[i].flags = FUTEX_32;  // shared between processes: no FUTEX_PRIVATE_FLAG
  }
  auto until = timespec_of(deadline);
  return futex_waitv(waiters.data(), static_cast<unsigned>(count), &until) >= 0 ||
         errno != ETIMEDOUT;
}

bool has_futex_waitv() noexcept {
  const char* refused = std::getenv("VCENGINE_NO_FUTEX_WAITV");
  if (refused != nullptr && *refused == '1') return false;
  const Word32 word{1};
  struct futex_waitv waiter {};
  waiter.val = 0;  // not the word's value: returns at once with EAGAIN where the call exists
  waiter.uaddr = reinterpret_cast<std::uintptr_t>(&word);
  waiter.flags = FUTEX_32;
  timespec over{};
  return futex_waitv(&waiter, 1, &over) >= 0 || errno == EAGAIN || errno == ETIMEDOUT;
}

void EventfdDoorbell::ring(const Word32&) noexcept {
  for (const int fd : eventfds_) {
    const std::uint64_t one = 1;
    // A full counter (EAGAIN) means that the sleeper has been woken more than enough.
    [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
  }
}

}  // namespace vcengine::wire
