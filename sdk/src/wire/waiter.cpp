#include "wire/waiter.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>

#include "wire/work_time.hpp"

namespace vcengine::wire {

using Clock = std::chrono::steady_clock;

SharedWaiter::SharedWaiter(const HostPage& host, FileDescriptor eventfd, StatusPage* status,
                           std::chrono::nanoseconds safety)
    : host_(host), status_(status), safety_(safety), eventfd_(std::move(eventfd)) {}

RunState SharedWaiter::run_state() const noexcept {
  return static_cast<RunState>(host_.run_state.load(std::memory_order_seq_cst));
}

void SharedWaiter::add_sleep(const Word32& word) {
  sleeps_.push_back({&word, word.load(std::memory_order_seq_cst)});
}

void SharedWaiter::wait_for_frames(std::span<const std::shared_ptr<RingReader>> readers,
                                   const std::function<bool()>& ready, Clock::time_point deadline) {
  const auto changed = [&] {
    return std::ranges::any_of(readers, [](const auto& reader) { return reader->glance(); });
  };
  if (spin(changed, ready, deadline)) return;
  sleeps_.clear();
  add_sleep(host_.bell);  // first: one call takes no more than kMaxSleeps words
  for (const auto& reader : readers) {
    sleeps_.push_back({&reader->bell(), reader->announce_wait()});
  }
  if (!ready()) sleep(deadline);
  for (const auto& reader : readers) reader->retract_wait();
}

/// True if there was something in time. What the host says is looked at before each sleep.
bool SharedWaiter::spin(const std::function<bool()>& changed, const std::function<bool()>& ready,
                        Clock::time_point deadline) {
  if (spin_.count() == 0) return false;
  auto now = Clock::now();
  const auto until = std::min(now + spin_, deadline);
  bool is_ready = false;
  do {
    is_ready = changed() && ready();
    now = Clock::now();
  } while (!is_ready && now < until);
  return is_ready;
}

void SharedWaiter::wait_for_space(RingWriter& writer, const std::function<bool()>& ready) {
  const auto since = Clock::now();
  const Rest rest(status_, since);
  if (!spin([] { return true; }, ready, Clock::time_point::max())) {
    writer.want_space(true);
    sleeps_.clear();
    add_sleep(host_.bell);
    writer.visit_release_bells([this](const Word32& bell) { add_sleep(bell); });
    if (!ready()) {
      if (status_ != nullptr) set_state(*status_, WorkerState::waiting_space);
      sleep(Clock::time_point::max());
      if (status_ != nullptr) set_state(*status_, WorkerState::running);
    }
    writer.want_space(false);
  }
  const auto took = Clock::now() - since;
  slept_ += took;
  slept_for_space_ += took;
}

void SharedWaiter::wait_for_host(const std::function<bool()>& ready, Clock::time_point deadline) {
  const auto since = Clock::now();
  const Rest rest(status_, since);
  sleeps_.clear();
  add_sleep(host_.bell);
  if (!ready()) sleep(deadline);
  slept_ += Clock::now() - since;
}

void SharedWaiter::sleep(Clock::time_point deadline) {
  const auto now = Clock::now();
  if (deadline <= now) return;
  deadline = std::min(deadline, now + safety_);
  const bool woken = eventfd_ ? sleep_on_eventfd(deadline - now) : futex_wait(sleeps_, deadline);
  if (!woken) ++timeouts_;
}

/// False if the time was over.
bool SharedWaiter::sleep_on_eventfd(std::chrono::nanoseconds timeout) {
  pollfd events{.fd = eventfd_.get(), .events = POLLIN, .revents = 0};
  const auto nanoseconds = timeout.count();
  const timespec wait{.tv_sec = nanoseconds / 1'000'000'000,
                      .tv_nsec = nanoseconds % 1'000'000'000};
  const int ready = ::ppoll(&events, 1, &wait, nullptr);
  if (ready > 0) {
    std::uint64_t rings = 0;
    [[maybe_unused]] const auto got = ::read(eventfd_.get(), &rings, sizeof rings);
  }
  return ready != 0;
}

}  // namespace vcengine::wire
