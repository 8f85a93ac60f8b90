#include "engine/run/restart_policy.hpp"

#include <algorithm>
#include <cmath>

namespace vcengine {

std::optional<RestartPolicy::Clock::duration> RestartPolicy::died(Clock::time_point now,
                                                                  std::uint64_t frame) {
  ++deaths_;
  deaths_on_it_ = frame != 0 && frame == died_on_ ? deaths_on_it_ + 1 : 1;
  died_on_ = frame;
  if (rules_.restart == RestartWhen::never) return std::nullopt;
  recent_.push_back(now);
  while (now - recent_.front() > rules_.intensity.within) recent_.pop_front();
  if (std::ssize(recent_) > rules_.intensity.deaths) return std::nullopt;
  const auto& backoff = rules_.backoff;
  // Not beyond the limit before it becomes a number of nanoseconds: the power may be enormous.
  const auto wait = static_cast<double>(backoff.first.count()) *
                    std::pow(backoff.factor, static_cast<double>(recent_.size() - 1));
  const auto limit = static_cast<double>(backoff.limit.count());
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(wait, limit)));
}

bool RestartPolicy::may_retry() const noexcept {
  return rules_.on_crash == OnCrash::retry && deaths_on_it_ < kDeathsOnOneFrame;
}

}  // namespace vcengine
