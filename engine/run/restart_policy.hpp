/// May a block that died be started again, and when?
#pragma once

#include <chrono>
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
  /// Its successor is to be given that frame once more.
  bool may_retry() const noexcept;
  int deaths() const noexcept { return deaths_; }  ///< in all
  const Supervision& rules() const noexcept { return rules_; }

 private:
  Supervision rules_;
  std::deque<Clock::time_point> recent_;  // deaths that `intensity:` still counts
  int deaths_ = 0;
  std::uint64_t died_on_ = 0;  // the frame, of the last death
  int deaths_on_it_ = 0;
};

}  // namespace vcengine
