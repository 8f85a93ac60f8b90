#include "engine/run/pauses.hpp"

#include <algorithm>
#include <utility>

namespace vcengine {

void Pauses::Span::set(bool on, Clock::time_point now) {
  if (on == since.has_value()) return;
  if (on) {
    since = now;
  } else {
    before += now - *std::exchange(since, std::nullopt);
  }
}

Pauses::Clock::duration Pauses::Span::until(Clock::time_point now) const {
  return before + (since ? now - *since : Clock::duration{0});
}

void Pauses::pause(std::size_t block, Clock::time_point now) {
  if (!paused_[block]) paused_[block] = with_all(now);
  look(now);
}

Pauses::Clock::duration Pauses::resume(std::size_t block, Clock::time_point now) {
  if (!paused_[block]) return {};
  const auto stood_still = with_all(now) - *std::exchange(paused_[block], std::nullopt);
  look(now);
  return stood_still;
}

void Pauses::look(Clock::time_point now) {
  const auto is_paused = [](const auto& paused) { return paused.has_value(); };
  const bool any = std::ranges::any_of(paused_, is_paused);
  if (any_.since && !any) over_since_ = Clock::time_point::max();
  any_.set(any, now);
  all_.set(std::ranges::all_of(paused_, is_paused), now);
}

}  // namespace vcengine
