#include "engine/worker/worker_loop.hpp"

#include <bit>
#include <chrono>
#include <stdexcept>
#include <string>

#include "block_access.hpp"
#include "vcengine/log.hpp"

namespace vcengine {

using Clock = std::chrono::steady_clock;
using Ready = detail::BlockRunner::Ready;

bool WorkerRuntime::must_stop() const noexcept {
  const auto state = waiter_.run_state();
  return state == wire::RunState::abort || (source_ && state == wire::RunState::stop_sources);
}

CircuitClock WorkerRuntime::clock() const noexcept {
  auto clock = clock_;
  const auto origin = page_.origin.load(std::memory_order_acquire);
  clock.origin = origin == 0 ? Clock::now()  // it does not run yet
                             : Clock::time_point(std::chrono::nanoseconds(origin));
  return clock;
}

void WorkerRuntime::stop_circuit(std::string_view reason) {
  host_.send({{"op", "stop_circuit"}, {"reason", reason}});
}

bool WorkerRuntime::stopping() const noexcept {
  return waiter_.run_state() >= wire::RunState::stop_sources;
}

void WorkerRuntime::sleep_until(Clock::time_point due) {
  while (Clock::now() < due) {
    if (must_stop()) throw Stopping();
    waiter_.sleep([this] { return must_stop(); }, due);
  }
}

void WorkerRuntime::report_progress(std::uint64_t done, std::uint64_t total) noexcept {
  status_.progress_total.store(total, std::memory_order_relaxed);
  status_.progress_done.store(done, std::memory_order_relaxed);
}

namespace {

/// A block that throws at every frame must not fill the log: the first three, then each doubling.
class ExceptionLog {
 public:
  void add(std::string_view text) {
    ++count_;
    if (count_ > 3 && !std::has_single_bit(count_)) return;
    log_error("exception in process(), its frame is lost: " + std::string(text) +
              (count_ > 3 ? " (exception number " + std::to_string(count_) + ")" : ""));
  }

 private:
  std::uint64_t count_ = 0;
};

/// Calls idle() at the block's period while no frames come.
class IdleClock {
 public:
  IdleClock(Block& block, const MemoryLimit& memory) : block_(block), memory_(memory) {}

  Clock::time_point due() const {
    const auto period = detail::BlockAccess::idle_period(block_);
    return period.count() > 0 ? last_ + period : Clock::time_point::max();
  }
  void call_if_due() {
    const auto next = due();
    if (next == Clock::time_point::max() || Clock::now() < next) return;
    last_ = Clock::now();
    try {
      block_.idle();
    } catch (const Stopping&) {
      throw;
    } catch (const std::exception& error) {
      if (memory_.caused(error)) throw;
      log_error(std::string("exception in idle(): ") + error.what());
    }
  }

 private:
  Block& block_;
  const MemoryLimit& memory_;
  Clock::time_point last_ = Clock::now();
};

void process(detail::BlockRunner& runner, ExceptionLog& exceptions, const MemoryLimit& memory) {
  try {
    runner.process();
  } catch (const Stopping&) {
    throw;
  } catch (const WireCorrupt&) {
    throw;
  } catch (const std::exception& error) {
    if (memory.caused(error)) throw;
    exceptions.add(error.what());
  } catch (...) {
    exceptions.add("of a type that is no std::exception");
  }
}

/// 0 without a rate.
Clock::duration set_period(detail::BlockRunner& runner, std::optional<double> rate_hz) {
  if (!rate_hz) return Clock::duration{0};
  const auto period =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1.0 / *rate_hz));
  runner.set_period(period);
  return period;
}

/// Waits for the time of the next call. False if something is to be done before: an order, a stop.
bool wait_until_due(Clock::time_point due, wire::SharedWaiter& waiter, const WorkerRuntime& runtime,
                    const WorkerOrders& orders) {
  const auto disturbed = [&] { return runtime.must_stop() || orders.pending(); };
  while (Clock::now() < due) {
    if (disturbed()) return false;
    waiter.wait_for_host(disturbed, due);
  }
  return !disturbed();
}

enum class End {
  of_data,
  stopped,
  left,  ///< its place, as it was told to
};

End run_to_end(Block& block, detail::BlockRunner& runner, wire::SharedWaiter& waiter,
               WorkerRuntime& runtime, WorkerOrders& orders, std::optional<double> rate_hz,
               const MemoryLimit& memory) {
  ExceptionLog exceptions;
  IdleClock idle(block, memory);
  const auto period = set_period(runner, rate_hz);
  const auto clock = runtime.clock();
  const bool sleeps = rate_hz && (clock.kind == ClockKind::wall || runtime.paced());
  const auto really = clock.real(period);
  auto due = clock.origin;
  while (!runtime.must_stop()) {
    orders.take();
    // Of its end only this process knows.
    if (orders.leaving()) return detail::BlockAccess::finished(block) ? End::of_data : End::left;
    if (orders.held() && !runtime.stopping()) {
      runtime.report_paused();
      waiter.wait_for_host([&] { return runtime.stopping() || orders.pending(); }, idle.due());
      idle.call_if_due();
      continue;
    }
    if (sleeps && !orders.stepping()) {
      if (!wait_until_due(due, waiter, runtime, orders)) continue;
      due = std::max(due + really, Clock::now() - really);  // late by more: no burst to catch up
    }
    switch (runner.poll()) {
      case Ready::finished:
        return End::of_data;
      case Ready::yes:
        process(runner, exceptions, memory);
        if (orders.stepping()) runner.pass_on_horizon();
        orders.called();
        break;
      case Ready::no:
        orders.found_nothing();
        if (orders.held()) break;
        waiter.wait_for_frames(
            runner.readers(),
            [&] { return runner.might_be_ready() || runtime.must_stop() || orders.pending(); },
            std::min(idle.due(), runner.deadline()));
        idle.call_if_due();
    }
  }
  return End::stopped;
}

}  // namespace

BlockEnd run_block(Block& block, detail::BlockRunner& runner, wire::SharedWaiter& waiter,
                   WorkerRuntime& runtime, WorkerOrders& orders, const LoopOptions& options,
                   const MemoryLimit& memory) {
  while (waiter.run_state() == wire::RunState::setup) {
    waiter.wait_for_host([&] { return waiter.run_state() != wire::RunState::setup; },
                         Clock::time_point::max());
  }
  try {
    const auto end = run_to_end(block, runner, waiter, runtime, orders, options.rate_hz, memory);
    if (end == End::left) {
      if (orders.drains()) runner.drain();
      runner.leave();
      return BlockEnd::left;
    }
    if (end == End::of_data) {
      runner.drain();
      if (options.begins_anew && runner.ended_itself() &&
          waiter.run_state() == wire::RunState::run) {
        runner.leave_to_begin_anew();
        return BlockEnd::to_begin_anew;
      }
    }
  } catch (const Stopping&) {
    // The way a stop comes through a block's loan() or sleep_for(): as good an end as any.
  }
  runner.end_outputs();
  return BlockEnd::for_good;
}

void rerun_block(detail::BlockRunner& runner, std::optional<double> rate_hz,
                 const MemoryLimit& memory) {
  set_period(runner, rate_hz);
  if (runner.poll() != Ready::yes) {
    throw std::runtime_error("the frames of the capsule make no call of process()");
  }
  try {
    runner.process();
  } catch (const Stopping&) {
    throw std::runtime_error("process() waited for a circuit that stops");
  } catch (const std::exception& error) {
    if (memory.caused(error)) throw;
    throw std::runtime_error(std::string("process() threw: ") + error.what());
  } catch (...) {
    throw std::runtime_error("process() threw something that is no std::exception");
  }
}

}  // namespace vcengine
