/// The life of a running block: wait for frames or the clock, process, until its data ends or the
/// circuit stops. [worker]
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "block_runner.hpp"
#include "engine/control/channel.hpp"
#include "engine/worker/memory_limit.hpp"
#include "engine/worker/pausable_waiter.hpp"
#include "engine/worker/worker_orders.hpp"
#include "vcengine/block.hpp"
#include "wire/waiter.hpp"

namespace vcengine {

/// What a block in a worker can ask for.
class WorkerRuntime final : public detail::Runtime {
 public:
  /// `clock`: without its origin, which the host says when the circuit begins to run.
  WorkerRuntime(const Channel& host, const wire::HostPage& page, PausableWaiter& waiter,
                wire::StatusPage& status, CircuitClock clock)
      : host_(host), page_(page), waiter_(waiter), status_(status), clock_(clock) {}

  void set_source(bool source) { source_ = source; }
  void set_paced(bool paced) { paced_ = paced; }
  bool window_open() const { return window_open_; }
  /// Its process() is not called for a while.
  void report_paused() noexcept { wire::set_state(status_, wire::WorkerState::waiting_input); }
  /// Is this block to end now? Sources end first, the rest when it is aborted.
  bool must_stop() const noexcept;

  CircuitClock clock() const noexcept override;
  void stop_circuit(std::string_view reason) override;
  bool stopping() const noexcept override;
  bool paced() const noexcept override { return paced_; }
  void sleep_until(std::chrono::steady_clock::time_point due) override;
  void report_progress(std::uint64_t done, std::uint64_t total) noexcept override;
  void report_window(bool open) noexcept override { window_open_ = open; }

 private:
  const Channel& host_;
  const wire::HostPage& page_;
  PausableWaiter& waiter_;
  wire::StatusPage& status_;
  const CircuitClock clock_;
  bool source_ = false;
  bool paced_ = false;
  bool window_open_ = false;
};

struct LoopOptions {
  std::optional<double> rate_hz;
  bool begins_anew = false;  ///< `restart: always`
};

enum class BlockEnd : std::uint8_t {
  for_good,       ///< its outputs have ended
  to_begin_anew,  ///< by itself: its outputs go on with a successor
  left,           ///< its place to another process: likewise
};

/// Runs the started block from the moment the circuit runs to its end, drain() included. Exceptions
/// of process() cost a frame and are logged, but for those that come of the memory limit. Throws
/// those, TooManyHeld and WireCorrupt: the block cannot go on.
BlockEnd run_block(Block& block, detail::BlockRunner& runner, wire::SharedWaiter& waiter,
                   WorkerRuntime& runtime, WorkerOrders& orders, const LoopOptions& options,
                   const MemoryLimit& memory);

/// Of a capsule: makes the one call of process() that its predecessor died in. Throws
/// std::runtime_error, if that throws or its frames make no call; for the memory limit as
/// run_block().
void rerun_block(detail::BlockRunner& runner, std::optional<double> rate_hz,
                 const MemoryLimit& memory);

}  // namespace vcengine
