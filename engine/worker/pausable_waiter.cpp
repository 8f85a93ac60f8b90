#include "engine/worker/pausable_waiter.hpp"

namespace vcengine {

using Clock = std::chrono::steady_clock;

void PausableWaiter::wait_for_space(wire::RingWriter& writer, const std::function<bool()>& ready) {
  stand_still();
  if (ready()) return;
  orders_.waits_for_room();
  shared_.wait_for_space(writer, [done = false, &ready, this]() mutable {
    // Room that was found is taken: it must not be looked for again.
    done = done || ready();
    return done || orders_.pending();
  });
}

void PausableWaiter::sleep(const std::function<bool()>& ready, Clock::time_point deadline) {
  stand_still();
  shared_.wait_for_host([&] { return ready() || orders_.pending(); }, deadline);
}

void PausableWaiter::stand_still() {
  orders_.take_inside();
  if (!orders_.held()) return;
  const auto since = Clock::now();
  wire::set_state(status_, wire::WorkerState::waiting_space);
  while (orders_.held() && run_state() == wire::RunState::run) {
    shared_.wait_for_host(
        [this] { return orders_.pending() || run_state() != wire::RunState::run; },
        Clock::time_point::max());
    orders_.take_inside();
  }
  wire::set_state(status_, wire::WorkerState::running);
  stood_still_ += Clock::now() - since;
}

}  // namespace vcengine
