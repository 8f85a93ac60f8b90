#include <algorithm>
#include <limits>
#include <utility>

#include "admission.hpp"

namespace vcengine::detail {

using std::chrono::nanoseconds;
using wire::WorkerState;

namespace {

/// Of a block that has not finished a frame yet.
constexpr nanoseconds kFirstGuess = std::chrono::milliseconds(100);

nanoseconds since_epoch(AdmissionForecast::TimePoint time) { return time.time_since_epoch(); }

}  // namespace

AdmissionForecast::AdmissionForecast(std::vector<Member> members)
    : members_(std::move(members)), states_(members_.size()) {}

void AdmissionForecast::admitted(Stamp stamp, TimePoint now) {
  in_flight_.push_back(stamp.count());
  last_event_ = last_admitted_ = now;
}

/// Copies what the members say.
void AdmissionForecast::look(TimePoint now) {
  auto least = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const auto& status = *members_[i].status;
    auto& state = states_[i];
    const bool over = status.state.load(std::memory_order_acquire) ==
                      static_cast<std::uint32_t>(WorkerState::finished);
    const auto done = over ? std::numeric_limits<std::uint64_t>::max()
                           : status.done.load(std::memory_order_seq_cst);
    if (done != std::exchange(state.done, done)) last_event_ = now;
    const nanoseconds usual{static_cast<std::int64_t>(status.work.load(std::memory_order_relaxed))};
    state.work = usual.count() > 0 ? usual : kFirstGuess;
    state.lead = nanoseconds{0};
    for (const auto before : members_[i].after) {
      state.lead = std::max(state.lead, states_[before].lead + states_[before].work);
    }
    least = std::min(least, done);
  }
  std::erase_if(in_flight_,
                [&](std::int64_t stamp) { return static_cast<std::uint64_t>(stamp) < least; });
  for (auto& state : states_) {
    state.backlog =
        static_cast<std::size_t>(std::ranges::count_if(in_flight_, [&](std::int64_t stamp) {
          return static_cast<std::uint64_t>(stamp) >= state.done;
        }));
  }
}

AdmissionForecast::TimePoint AdmissionForecast::ready_at(TimePoint now) {
  look(now);
  auto ready = now;
  nanoseconds longest{0};
  bool event_needed = false;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const auto& member = members_[i];
    const auto& state = states_[i];
    longest = std::max(longest, state.lead + state.work);
    if (state.backlog == 0) continue;
    if (member.after.empty() && !member.joins) {
      event_needed = true;  // it has the frame, and says when it is done; no guess is as good
      continue;
    }
    const bool running = member.status->state.load(std::memory_order_acquire) ==
                         static_cast<std::uint32_t>(WorkerState::running);
    const nanoseconds since{
        static_cast<std::int64_t>(member.status->since.load(std::memory_order_relaxed))};
    // One that rests although frames are on their way to it is about to begin; or it waits for
    // another source, and then its share runs out by itself.
    const auto worked = since_epoch(now) - (running ? since : since_epoch(last_event_));
    const auto work = static_cast<std::int64_t>(state.backlog) * state.work;
    ready = std::max(ready, now + (work - worked - state.lead));
  }
  // Whatever a member says (or does not, because it hangs): the source is never locked out.
  const auto patience = last_admitted_ + 2 * longest + std::chrono::seconds(1);
  return std::min(event_needed ? TimePoint::max() : ready, std::max(patience, now));
}

}  // namespace vcengine::detail
