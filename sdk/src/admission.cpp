#include "admission.hpp"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "port_writer.hpp"
#include "wire/futex.hpp"

namespace vcengine::detail {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

/// The thread takes none of the process's signals, they are the block's; but it reports its own
/// faults.
template <class Function>
std::thread quiet_thread(Function function) {
  sigset_t others, before;
  ::sigfillset(&others);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS})
    ::sigdelset(&others, fault);
  ::pthread_sigmask(SIG_SETMASK, &others, &before);
  std::thread thread(std::move(function));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

Admission::Admission(std::vector<AdmissionForecast::Member> members, const wire::HostPage& host,
                     wire::Word64& busy)
    : forecast_(std::move(members)),
      host_(host),
      busy_(busy),
      thread_(quiet_thread([this] { run(); })) {}

Admission::~Admission() {
  {
    const auto guard = lock();
    ending_ = true;
    wake();
  }
  thread_.join();
}

void Admission::wake() {
  wake_.fetch_add(1);
  wire::futex_wake(wake_);
  changed_.notify_one();
}

void Admission::stage(Frame frame) { staged_.push_back(std::move(frame)); }

std::size_t Admission::staged_by(const PortWriter& writer) const {
  return static_cast<std::size_t>(std::ranges::count(staged_, &writer, &Frame::writer));
}

void Admission::commit() {
  if (staged_.empty()) return;
  const auto guard = lock();
  const auto now = Clock::now();
  if (pending_since_ != TimePoint()) {
    const auto interval = now - pending_since_;
    period_ = period_.count() == 0 ? interval : period_ - period_ / 8 + interval / 8;
  }
  drop_pending();
  pending_ = std::exchange(staged_, {});
  pending_since_ = now;
  for (auto& frame : pending_) frame.writer->want_space(true);
  try_admit(now);
  if (pending_.empty()) return;
  wake();
}

std::optional<Stamp> Admission::pending_stamp(const PortWriter& writer) const {
  const auto frame = std::ranges::find(pending_, &writer, &Frame::writer);
  return frame == pending_.end() ? std::nullopt : std::optional(frame->header.stamp);
}

void Admission::finish() {
  auto guard = lock();
  went_in_.wait(guard, [this] { return pending_.empty(); });
}

bool Admission::must_stop() const noexcept {
  return host_.run_state.load() >= static_cast<std::uint32_t>(wire::RunState::stop_sources);
}

bool Admission::has_space() const {
  return std::ranges::all_of(pending_,
                             [](const Frame& frame) { return frame.writer->has_space(); });
}

/// Lets the pending frames in, or says when to try again (max(): when something happens).
Admission::TimePoint Admission::try_admit(TimePoint now) {
  if (!has_space()) return TimePoint::max();
  const auto ready = forecast_.ready_at(now);
  if (ready > now) return ready;
  if (const auto newer = worth_waiting_until(now); newer > now) return newer;
  publish_pending(now);
  return TimePoint::max();
}

/// A frame that is nearly as old as the source's period makes way for the one that is about to
/// come: its branches rest for a moment, and what they work on is young.
Admission::TimePoint Admission::worth_waiting_until(TimePoint now) const {
  const auto slack = period_ / 8;
  const auto next = pending_since_ + period_;
  return now + slack >= next ? next + slack : now;
}

void Admission::publish_pending(TimePoint now) {
  forecast_.admitted(pending_.front().header.stamp, now);
  const auto frames = std::exchange(pending_, {});
  for (const auto& frame : frames) {
    frame.writer->want_space(false);
    frame.writer->publish_now(frame.slot, frame.header);
  }
  for (const auto& frame : frames) frame.writer->tell_wanted();  // several may have one stamp
  went_in_.notify_all();
}

void Admission::drop_pending() {
  if (pending_.empty()) return;
  wire::increment(busy_);
  for (auto& frame : pending_) {
    frame.writer->want_space(false);
    frame.writer->give_back_now(frame.slot);
  }
  pending_.clear();
  went_in_.notify_all();
}

void Admission::run() {
  auto guard = lock();
  while (!ending_) {
    // Everything slept on is read before the look, so that no change after it is slept through.
    sleeps_.clear();
    sleeps_.push_back({&host_.bell, host_.bell.load()});
    sleeps_.push_back({&wake_, wake_.load()});
    auto until = TimePoint::max();
    if (!pending_.empty()) {
      for (const auto& member : forecast_.members()) {
        sleeps_.push_back({&member.status->done_bell, member.status->done_bell.load()});
      }
      for (const auto& frame : pending_) {
        frame.writer->visit_release_bells([this](const wire::Word32& bell) {
          sleeps_.push_back({&bell, bell.load()});
        });
      }
      if (must_stop()) {
        drop_pending();
      } else {
        until = try_admit(Clock::now());
      }
    }
    rest(guard, until);
  }
  drop_pending();
}

void Admission::rest(std::unique_lock<std::mutex>& guard, TimePoint until) {
  const auto now = Clock::now();
  if (until <= now) return;
  const bool nobody_rings = !has_waitv_ || sleeps_.size() > wire::kMaxSleeps;
  // Then, as long as a frame waits, its members are looked at.
  const Clock::duration longest = nobody_rings && !pending_.empty() ? 1ms : 1s;
  const auto wake_up = std::min(until, now + longest);
  if (nobody_rings) {
    changed_.wait_until(guard, wake_up);
    return;
  }
  guard.unlock();
  wire::futex_wait(sleeps_, wake_up);
  guard.lock();
}

}  // namespace vcengine::detail
