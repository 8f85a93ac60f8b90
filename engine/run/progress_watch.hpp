/// Looks for those who make no progress while the circuit runs: blocks that hang, blocks that wait
/// for each other, readers that take nothing, joins that match nothing. What each of the watches
/// finds is done here: told, a wire made longer or lossy, a worker killed. [host]
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/process/process_launcher.hpp"
#include "engine/run/join_watch.hpp"
#include "engine/run/reader_watch.hpp"
#include "engine/run/run_console.hpp"
#include "engine/run/run_options.hpp"
#include "engine/run/run_stats.hpp"
#include "engine/run/stall_watch.hpp"
#include "engine/run/wiring.hpp"
#include "engine/run/worker.hpp"

namespace vcengine {

class ProgressWatch {
 public:
  using Clock = std::chrono::steady_clock;
  /// Nothing can be done for the block: the circuit ends.
  using GiveUp = std::function<void(std::size_t block, std::string_view why)>;

  /// All but `give_up` are borrowed.
  ProgressWatch(const Plan& plan, const RunOptions& options, Wiring& wiring,
                ProcessLauncher& launcher, RunConsole& console, std::vector<Worker>& workers,
                GiveUp give_up);

  /// The plan is another one than it was.
  void begin_anew();

  /// `now` is without the time in which somebody was told to stand still.
  void look_at_joins(const RunStats& stats, Clock::time_point now);
  /// What was waited before `flows_since` says nothing: others were told to stand still.
  void look_for_stalls(Clock::time_point flows_since, Clock::time_point now);
  void look_for_idle_readers(Clock::time_point now);
  void excuse_idle_readers(Clock::time_point now) { readers_->excuse_all(now); }
  /// In process(), or, before frames flow as well, in a step of its set-up.
  void look_for_hangs(bool running, Clock::time_point now);
  /// When a process() that goes on now has taken too long. (One that begins meanwhile is seen at
  /// the next look, which comes no later than its time is over.)
  Clock::time_point next_timeout(Clock::time_point now) const;

 private:
  void hangs(std::size_t block, std::string_view what, bool running);
  void end_stall(std::size_t wire, std::chrono::nanoseconds time);

  const Plan& plan_;
  const RunOptions& options_;
  Wiring& wiring_;
  ProcessLauncher& launcher_;
  RunConsole& console_;
  std::vector<Worker>& workers_;
  const GiveUp give_up_;
  std::optional<JoinWatch> joins_;  // these know of the plan what it was when they began
  std::optional<StallWatch> stalls_;
  std::optional<ReaderWatch> readers_;
};

}  // namespace vcengine
