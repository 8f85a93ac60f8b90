/// Sleeping on words of shared pages: futex, futex_waitv, and what to do where the latter is
/// missing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wire/ring.hpp"

namespace vcengine::wire {

/// Wakes every sleeper on the word, in any process.
void futex_wake(const Word32& word) noexcept;

struct Sleep {
  const Word32* word;
  std::uint32_t seen;  ///< sleeps only while the word still has this value
};
inline constexpr std::size_t kMaxSleeps = 128;  // of one futex_waitv call

/// Sleeps until one of the words changes or is woken, or until `deadline`: false then. Spurious
/// returns are normal.
bool futex_wait(std::span<const Sleep> sleeps,
                std::chrono::steady_clock::time_point deadline) noexcept;

/// Has this kernel (and the container's filter) futex_waitv? VCENGINE_NO_FUTEX_WAITV=1 says no.
bool has_futex_waitv() noexcept;

/// Doorbell of workers that sleep in futex_waitv.
class FutexDoorbell final : public Doorbell {
 public:
  void ring(const Word32& word) noexcept override { futex_wake(word); }
};

/// Doorbell where futex_waitv is missing: each worker sleeps on an eventfd of its own, and who
/// would wake a word writes to the eventfds of those who may sleep on it.
class EventfdDoorbell final : public Doorbell {
 public:
  explicit EventfdDoorbell(std::vector<int> eventfds) : eventfds_(std::move(eventfds)) {}
  void ring(const Word32& word) noexcept override;

 private:
  std::vector<int> eventfds_;
};

}  // namespace vcengine::wire
