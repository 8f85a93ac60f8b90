/// Runs a checked circuit: starts its workers, wires them, watches them, stops them. [host, one
/// thread]
///
/// SetUp brings them to where everybody runs at once, ProgressWatch looks for those that hang or
/// wait for each other, Shutdown ends them.
///
/// A worker that dies while the circuit runs is started again, as `restart:` of its block says, and
/// goes through the same steps alone: its neighbours keep their processes and wires.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/crash/crash_report.hpp"
#include "engine/process/process_launcher.hpp"
#include "engine/run/asked_restarts.hpp"
#include "engine/run/controlled_run.hpp"
#include "engine/run/crash_capsules.hpp"
#include "engine/run/debugger.hpp"
#include "engine/run/live_control.hpp"
#include "engine/run/live_edits.hpp"
#include "engine/run/obituaries.hpp"
#include "engine/run/progress_watch.hpp"
#include "engine/run/run_console.hpp"
#include "engine/run/run_options.hpp"
#include "engine/run/run_signals.hpp"
#include "engine/run/run_stats.hpp"
#include "engine/run/set_up.hpp"
#include "engine/run/shutdown.hpp"
#include "engine/run/swappable_run.hpp"
#include "engine/run/wiring.hpp"
#include "engine/run/worker.hpp"

namespace vcengine {

class Supervisor final : private ControlledRun, private SwappableRun {
 public:
  /// With a debugger, one worker waits for it; while it is there, the terminal is its own, and
  /// nobody is too slow. When it leaves, the circuit is stopped.
  Supervisor(const Plan& plan, const RunOptions& options, ProcessLauncher& launcher,
             Symbolizer symbolizer, RunConsole& console, Debugger* debugger = nullptr);

  /// Returns when no worker is left. Throws std::system_error if the set-up fails on the host's
  /// side; no worker is left then either.
  ExitStatus run();

  /// Where to look for changes of the circuit while it runs, if it is asked to. Borrowed.
  void use(PlanSource& source) { edits_.use(source); }

  /// From its start on, run() also serves the clients of this socket. Borrowed.
  void serve(ControlServer& server) { live_.use(server); }
  /// What clients can read of it. Borrowed.
  void use(const LiveLog& log) { live_.use(log); }

  RunStats stats() const override;

 private:
  using Clock = std::chrono::steady_clock;

  void launch(std::size_t block);
  void launch_into(Worker& worker, const PlannedBlock& planned);
  void launch_all();
  void relaunch_those_due();
  void wait_for_events();
  void read_messages(std::size_t block);
  void on_event(std::size_t block, WorkerEvent event, const JsonObject& message);
  void act(SupervisorAction action, std::size_t block, const JsonObject& message);

  void go_on_with(std::size_t block);
  void begin_running();
  void reap(std::size_t block);
  bool may_restart(std::size_t block) const;
  /// It died, and was reaped: starts it again some time later, or gives up.
  void mourn(std::size_t block);
  /// It came to its end, and was reaped: starts it again some time later.
  void begin_anew(std::size_t block);
  void start_debugger(std::size_t block, const JsonObject& message);
  void debugger_left();
  bool debugging() const { return debugger_ != nullptr && debugger_->running(); }
  bool is_debugged(std::size_t block) const { return debugging() && debugger_->block() == block; }
  void report_death(std::size_t block, const ProcessEnd& end);

  WorkerPhase phase(std::size_t block) const override { return workers_[block].phase; }
  bool running() const override { return running_; }
  bool stopping() const override { return shutdown_.begun(); }
  void stop_on_request() override { stop(ExitStatus::success, "asked to stop"); }
  bool order(std::size_t block, const JsonObject& message) override;
  void ring_if_ordered();
  void start_paused(std::size_t block, bool paused) override { workers_[block].paused = paused; }
  void hold_back_clock(std::chrono::nanoseconds time) override;
  void swap(std::size_t block, std::filesystem::path plugin,
            HotSwaps::OnOutcome on_outcome) override;
  void reload(Reload::OnOutcome on_outcome) override;
  void restart(std::size_t block, AskedRestarts::OnOutcome on_outcome) override;
  void kill_for_restart(std::size_t block);
  void set_log_level(std::size_t block, const std::string& level) override {
    workers_[block].log_level = level;
  }

  const Plan& plan() const override { return plan_; }
  std::uint64_t waiting_on(std::size_t wire) const override;
  Worker launch_beside(const PlannedBlock& next) override;
  void load_beside(const Plan& plan, std::size_t block, std::optional<std::size_t> running,
                   Worker& candidate, const JsonObject& hello) override;
  void read_lines_of(const PlannedBlock& block, Worker& worker, bool all) override;
  std::string bury(const PlannedBlock& next, Worker& candidate) override;
  bool has_new_build(std::size_t block) const override {
    return workers_[block].build.has_changed();
  }
  void ask_to_leave(std::size_t block, Leave leave) override;
  PluginBuild take_place(std::size_t block, PlannedBlock next, Worker worker) override;
  void keep_params(std::size_t block, const PlannedBlock& next) override {
    plan_.blocks[block].params = next.params;
  }
  void rewire(const Plan& next, const PlanMatch& match,
              std::vector<std::pair<std::size_t, Worker>> workers) override;
  void become(std::size_t block, PlannedBlock next);

  void on_signal(int number);
  void give_up(std::size_t block, std::string_view why);
  void stop(ExitStatus status, std::string_view reason);
  void check_times();
  void look_at_figures(Clock::time_point now);
  void look_at_progress(Clock::time_point now);
  /// Who wrote over shared memory is out of control, and ends like one that crashed.
  void look_for_damage();
  bool sinks_finished() const;
  bool anybody_left() const;
  void read_lines(std::size_t block, bool all);

  Plan plan_;  // changes while it runs, where the user changes it
  const RunOptions options_;
  ProcessLauncher& launcher_;
  RunConsole& console_;
  Obituaries obituaries_;
  Debugger* const debugger_;
  Wiring wiring_;
  std::vector<Worker> workers_;
  SetUp set_up_;
  LiveControl live_;
  LiveEdits edits_;
  AskedRestarts asked_;
  CrashCapsules capsules_;
  ProgressWatch progress_;
  Shutdown shutdown_;
  bool ordered_ = false;  ///< since the workers' bell was rung last
  RunSignals signals_;
  bool running_ = false;
  bool failed_ = false;
  int interrupts_ = 0;
  Clock::time_point run_since_;
  Clock::time_point run_until_ = Clock::time_point::max();
  std::optional<Clock::time_point> ended_;
};

}  // namespace vcengine
