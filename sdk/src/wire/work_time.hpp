/// How long a block has been at work in the call of process() that goes on: one word of its status
/// page, for the host, which ends a call that takes too long. What a block waits for, it does not
/// work on.
#pragma once

#include <chrono>
#include <optional>

#include "wire/layout.hpp"

namespace vcengine::wire {

/// [worker] A call begins; it has been at work since then.
void begin_work(StatusPage& status, std::chrono::steady_clock::time_point now) noexcept;
/// [worker] It is over.
void end_work(StatusPage& status) noexcept;

/// What the block waits for while this lives does not count. Outside a call it does nothing.
/// [worker]
class Rest {
 public:
  /// None: there is no page.
  Rest(StatusPage* status, std::chrono::steady_clock::time_point now) noexcept;
  ~Rest();
  Rest(const Rest&) = delete;
  Rest& operator=(const Rest&) = delete;

 private:
  StatusPage* const status_;
  std::chrono::nanoseconds worked_{0};
  bool in_call_ = false;
};

/// [host] None: it is in no call, or waits.
std::optional<std::chrono::nanoseconds> at_work(const StatusPage& status,
                                                std::chrono::steady_clock::time_point now) noexcept;

}  // namespace vcengine::wire
