#pragma once

#include <time.h>

#include <cstdint>

namespace vcengine::bench {

/// CLOCK_MONOTONIC in nanoseconds, the same in all processes.
inline std::int64_t now_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

inline void spin_until(std::int64_t due_ns) noexcept {
  while (now_ns() < due_ns) {
  }
}

inline void sleep_until(std::int64_t due_ns) noexcept {
  const timespec due{.tv_sec = due_ns / 1'000'000'000, .tv_nsec = due_ns % 1'000'000'000};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
}

}  // namespace vcengine::bench
