#include "engine/run/restart_policy.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace vcengine {

std::optional<RestartPolicy::Clock::duration> RestartPolicy::died(Clock::time_point now,
                                                                  std::uint64_t frame) {
  ++deaths_;
  deaths_on_it_ = frame != 0 && frame == died_on_ ? deaths_on_it_ + 1 : 1;
  died_on_ = frame;
  if (rules_.restart == RestartWhen::never) return std::nullopt;
  const auto deaths = count(recent_deaths_, now);
  if (deaths > rules_.intensity.deaths) return std::nullopt;
  return backoff(deaths);
}

RestartPolicy::Clock::duration RestartPolicy::ended(Clock::time_point now) {
  return backoff(count(recent_ends_, now));
}

std::ptrdiff_t RestartPolicy::count(Times& recent, Clock::time_point now) const {
  recent.push_back(now);
  while (now - recent.front() > rules_.intensity.within) recent.pop_front();
  return std::ssize(recent);
}

RestartPolicy::Clock::duration RestartPolicy::backoff(std::ptrdiff_t times) const {
  const auto& backoff = rules_.backoff;
  // Not beyond the limit before it becomes a number of nanoseconds: the power may be enormous.
  const auto wait = static_cast<double>(backoff.first.count()) *
                    std::pow(backoff.factor, static_cast<double>(times - 1));
  const auto limit = static_cast<double>(backoff.limit.count());
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(wait, limit)));
}

bool RestartPolicy::may_retry() const noexcept {
  return rules_.on_crash == OnCrash::retry && deaths_on_it_ < kDeathsOnOneFrame;
}

}  // namespace vcengine
