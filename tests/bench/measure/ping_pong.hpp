/// Two processes on two cores that answer each other: how long does it take from the hand of one
/// into that of the other?
#pragma once

#include <cstdint>
#include <vector>

#include "clock.hpp"
#include "cores.hpp"
#include "processes.hpp"
#include "questions.hpp"
#include "shared_array.hpp"

namespace vcengine::bench {

enum class Side { near, far };  ///< near asks, far answers

struct PingPong {
  Waiting waiting = Waiting::spin;
  Pace pace = Pace::back_to_back;
  std::size_t count = 1000;
};

/// Nanoseconds between two looks at the clock with nothing between them.
double clock_cost();

namespace detail {

inline constexpr std::int64_t kIdleness = 1'000'000;

inline std::size_t warm_up(const PingPong& plan) { return plan.count / 10 + 20; }

/// Between two frames neither side has anything to do; who spins goes on spinning.
inline void idle(const PingPong& plan) {
  if (plan.pace == Pace::back_to_back) return;
  const auto due = now_ns() + kIdleness;
  if (plan.waiting == Waiting::spin) {
    spin_until(due);
  } else {
    sleep_until(due);
  }
}

template <class Party>
void ask(const PingPong& plan, Party party, std::span<double> times) {
  const auto cost = clock_cost();
  const auto first = warm_up(plan);
  for (std::size_t i = 0; i < first + times.size(); ++i) {
    idle(plan);
    const auto start = now_ns();
    party.send(start);
    party.receive();
    const auto end = now_ns();
    if (i >= first && plan.pace == Pace::back_to_back) {
      times[i - first] = (static_cast<double>(end - start) - cost) / 2;
    }
  }
}

template <class Party>
void answer(const PingPong& plan, Party party, std::span<double> times) {
  const auto cost = clock_cost();
  const auto first = warm_up(plan);
  for (std::size_t i = 0; i < first + times.size(); ++i) {
    const auto sent = party.receive();
    if (plan.pace == Pace::after_idleness) {
      const auto received = now_ns();
      if (i >= first) times[i - first] = static_cast<double>(received - sent) - cost;
    }
    party.send(sent);
  }
}

}  // namespace detail

/// `make(Side)`, called in the process of that side, gives what sends and receives there:
/// `send(std::int64_t stamp)` and `std::int64_t receive()`, which gives the stamp.
/// Microseconds from just before send() until receive() has returned: back to back half the way
/// there and back, for then no clock is read between; after idleness one way, by the stamp, for
/// the way back does not start from idleness. Precondition: two cores.
template <class Make>
std::vector<double> ping_pong(const PingPong& plan, Make make) {
  const auto cores = two_cores().value();
  const SharedArray<double> times(plan.count);
  Processes processes;
  processes.start(cores[0], [&] { detail::ask(plan, make(Side::near), times.span()); });
  processes.start(cores[1], [&] { detail::answer(plan, make(Side::far), times.span()); });
  processes.wait();
  std::vector<double> microseconds;
  for (const auto time : times.span()) microseconds.push_back(time / 1e3);
  return microseconds;
}

}  // namespace vcengine::bench
