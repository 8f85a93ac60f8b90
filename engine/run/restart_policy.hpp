/// May a block that died, or came to its end, be started again, and when?
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "engine/circuit/supervision.hpp"

namespace vcengine {

class RestartPolicy {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RestartPolicy(const Supervision& rules) : rules_(rules) {}

  /// The block died while it worked on that frame (0: on none): how long to wait before it is
  /// started again; none: it gives up.
  std::optional<Clock::duration> died(Clock::time_point now, std::uint64_t frame = 0);
  /// It came to its end and is to begin anew: how long to wait before that. No number of ends is
  /// too many.
  Clock::duration ended(Clock::time_point now);
  /// Its successor is to be given that frame once more.
  bool may_retry() const noexcept;
  int deaths() const noexcept { return deaths_; }  ///< in all
  const Supervision& rules() const noexcept { return rules_; }

 private:
  using Times = std::deque<Clock::time_point>;

  /// How often it happened within the time that `intensity:` counts, this time included.
  std::ptrdiff_t count(Times& recent, Clock::time_point now) const;
  Clock::duration backoff(std::ptrdiff_t times) const;

  Supervision rules_;
  Times recent_deaths_, recent_ends_;
  int deaths_ = 0;
  std::uint64_t died_on_ = 0;  // the frame, of the last death
  int deaths_on_it_ = 0;
};

}  // namespace vcengine
