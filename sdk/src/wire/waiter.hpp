/// How a worker waits: for frames at its inputs, or for space at an output, and always for the
/// host.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "file_descriptor.hpp"
#include "wire/futex.hpp"
#include "wire/ring.hpp"

namespace vcengine::wire {

/// The seam between the block runner and sleeping. The runner's predicates look at the wires again
/// after the sleep was announced, so that no wake-up is lost.
class Waiter {
 public:
  virtual ~Waiter() = default;

  /// Returns once `ready()` holds, or at `deadline`, or when the host rang; check again.
  virtual void wait_for_frames(std::span<const std::shared_ptr<RingReader>> readers,
                               const std::function<bool()>& ready,
                               std::chrono::steady_clock::time_point deadline) = 0;
  /// The same, for space in the pool of one output.
  virtual void wait_for_space(RingWriter& writer, const std::function<bool()>& ready) = 0;

  virtual RunState run_state() const noexcept = 0;

  /// The time slept so far, but for frames: what a process() spends on it is not its work.
  virtual std::chrono::nanoseconds slept() const noexcept { return {}; }
  /// Of it, what was slept for space at an output.
  virtual std::chrono::nanoseconds slept_for_space() const noexcept { return {}; }
};

/// Sleeps in futex_waitv, or on an eventfd where that is missing.
class SharedWaiter final : public Waiter {
 public:
  /// `eventfd`: this worker's own, or an empty one where futex_waitv is used. `status`, if given,
  /// says when it waits for space, and how long it has worked apart from all that it waited for.
  /// No sleep is longer than `safety`, the guard against the one lost wake-up that is left: exactly
  /// 2^32 rings between a look and a sleep.
  SharedWaiter(const HostPage& host, FileDescriptor eventfd, StatusPage* status = nullptr,
               std::chrono::nanoseconds safety = std::chrono::seconds(1));

  /// Looks again and again for so long before it sleeps: a sleep and a wake-up cost others 5 to
  /// 25 us. Only for cores that would be idle; 0 at first.
  void set_spin(std::chrono::nanoseconds spin) noexcept { spin_ = spin; }

  void wait_for_frames(std::span<const std::shared_ptr<RingReader>> readers,
                       const std::function<bool()>& ready,
                       std::chrono::steady_clock::time_point deadline) override;
  void wait_for_space(RingWriter& writer, const std::function<bool()>& ready) override;
  /// The same, for nothing but the host: what a block sleeps of its own accord.
  void wait_for_host(const std::function<bool()>& ready,
                     std::chrono::steady_clock::time_point deadline);
  RunState run_state() const noexcept override;
  std::chrono::nanoseconds slept() const noexcept override { return slept_; }
  std::chrono::nanoseconds slept_for_space() const noexcept override { return slept_for_space_; }
  /// Sleeps that nobody ended before their deadline or the safety was over.
  std::uint64_t timeouts() const noexcept { return timeouts_; }

 private:
  bool spin(const std::function<bool()>& changed, const std::function<bool()>& ready,
            std::chrono::steady_clock::time_point deadline);
  void add_sleep(const Word32& word);
  void sleep(std::chrono::steady_clock::time_point deadline);
  bool sleep_on_eventfd(std::chrono::nanoseconds timeout);

  const HostPage& host_;
  StatusPage* const status_;
  const std::chrono::nanoseconds safety_;
  std::chrono::nanoseconds spin_{0};
  FileDescriptor eventfd_;
  std::chrono::nanoseconds slept_{0}, slept_for_space_{0};
  std::uint64_t timeouts_ = 0;
  std::vector<Sleep> sleeps_;  // kept only to save an allocation per sleep
};

}  // namespace vcengine::wire
