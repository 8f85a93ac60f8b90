#include "wire/work_time.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace vcengine::wire {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;
using enum std::memory_order;

namespace {

/// The word alone says all of it, so that the host can never see one half of a change.
void store(StatusPage& status, Clock::time_point since) noexcept {
  status.at_work_since.store(static_cast<std::uint64_t>(since.time_since_epoch().count()), relaxed);
}

/// Whatever a worker wrote there is a time.
Clock::time_point load(const StatusPage& status) noexcept {
  constexpr auto kLast = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const auto word = std::min(status.at_work_since.load(relaxed), kLast);
  return Clock::time_point(nanoseconds(static_cast<std::int64_t>(word)));
}

constexpr Clock::time_point kAtRest{};

}  // namespace

void begin_work(StatusPage& status, Clock::time_point now) noexcept { store(status, now); }

void end_work(StatusPage& status) noexcept { store(status, kAtRest); }

Rest::Rest(StatusPage* status, Clock::time_point now) noexcept : status_(status) {
  if (status_ == nullptr) return;
  const auto since = load(*status_);
  in_call_ = since != kAtRest;
  worked_ = now - since;
  store(*status_, kAtRest);
}

Rest::~Rest() {
  if (in_call_) store(*status_, Clock::now() - worked_);
}

std::optional<nanoseconds> at_work(const StatusPage& status, Clock::time_point now) noexcept {
  const auto since = load(status);
  if (since == kAtRest) return std::nullopt;
  return now - since;
}

}  // namespace vcengine::wire
