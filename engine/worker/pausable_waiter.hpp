/// How a block waits in the middle of process(): it hears the host there, and stands still if it is
/// told to. [worker, main thread]
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>

#include "engine/worker/worker_orders.hpp"
#include "wire/waiter.hpp"

namespace vcengine {

class PausableWaiter final : public wire::Waiter {
 public:
  /// Borrows all.
  PausableWaiter(wire::SharedWaiter& shared, WorkerOrders& orders, wire::StatusPage& status)
      : shared_(shared), orders_(orders), status_(status) {}

  void wait_for_frames(std::span<const std::shared_ptr<wire::RingReader>> readers,
                       const std::function<bool()>& ready,
                       std::chrono::steady_clock::time_point deadline) override {
    shared_.wait_for_frames(readers, ready, deadline);
  }
  void wait_for_space(wire::RingWriter& writer, const std::function<bool()>& ready) override;
  /// What a block sleeps of its own accord: until then, or until the host rings.
  void sleep(const std::function<bool()>& ready, std::chrono::steady_clock::time_point deadline);
  /// Returns when the block is not, or no longer, to stand still; at once if a stop has begun.
  void stand_still();

  wire::RunState run_state() const noexcept override { return shared_.run_state(); }
  std::chrono::nanoseconds slept() const noexcept override { return shared_.slept(); }
  std::chrono::nanoseconds slept_for_space() const noexcept override {
    return shared_.slept_for_space() + stood_still_;
  }

 private:
  wire::SharedWaiter& shared_;
  WorkerOrders& orders_;
  wire::StatusPage& status_;
  std::chrono::nanoseconds stood_still_{0};
};

}  // namespace vcengine
