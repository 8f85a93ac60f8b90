/// Runs a checked circuit: starts its workers, wires them, watches them, stops them. [host, one
/// thread]
///
/// Set-up goes in step: all plugins loaded; all own pages mapped; sealed; all other pages mapped;
/// blocks that take frames started before the sources; then everybody runs at once. A stop goes
/// sources first: they end, the rest drains what is on its wires; who is not done in time is
/// aborted, then asked to terminate, then killed (StopTimes).
///
/// A worker that dies while the circuit runs is started again, as `restart:` of its block says, and
/// goes through the same steps alone: its neighbours keep their processes and wires.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/crash/crash_report.hpp"
#include "engine/process/line_reader.hpp"
#include "engine/process/process_launcher.hpp"
#include "engine/run/debugger.hpp"
#include "engine/run/join_watch.hpp"
#include "engine/run/obituaries.hpp"
#include "engine/run/restart_policy.hpp"
#include "engine/run/run_console.hpp"
#include "engine/run/run_stats.hpp"
#include "engine/run/wiring.hpp"
#include "engine/run/worker_phase.hpp"

namespace vcengine {

enum class Pacing : std::uint8_t { automatic, paced, fast };

struct RunOptions {
  Pacing pacing = Pacing::automatic;                ///< automatic: paced if a window is open
  std::optional<std::chrono::nanoseconds> run_for;  ///< by the circuit's clock
  std::uint64_t frames = 0;  ///< each source ends after so many; 0: when its data ends
  double speed = 1;          ///< of the circuit's clock
  bool offline = false;      ///< as the plan was checked for
  /// A worker looks for a frame for so long before it sleeps. None: as many cores as there are say.
  std::optional<std::chrono::nanoseconds> spin;
  std::chrono::milliseconds set_up_time{60'000};  ///< for one step of the set-up of one block
};

/// Exit statuses of a run; part of the user's interface.
enum class ExitStatus : std::uint8_t {
  success = 0,
  failure = 1,        ///< of the host itself
  bad_circuit = 2,    ///< or a bad command line: nothing was started
  block_gave_up = 3,  ///< a block died, could not start, or could not go on
  interrupted = 130,  ///< Ctrl-C
  terminated = 143,   ///< SIGTERM or SIGHUP
};

/// How long each step of a stop may take before the next one.
struct StopTimes {
  std::chrono::milliseconds drain{5000};
  std::chrono::milliseconds abort{2000};
  std::chrono::milliseconds terminate{1000};
};

class Supervisor {
 public:
  /// With a debugger, one worker waits for it; while it is there, the terminal is its own, and
  /// nobody is too slow. When it leaves, the circuit is stopped.
  Supervisor(const Plan& plan, const RunOptions& options, ProcessLauncher& launcher,
             Symbolizer symbolizer, RunConsole& console, Debugger* debugger = nullptr);

  /// Returns when no worker is left. Throws std::system_error if the set-up fails on the host's
  /// side; no worker is left then either.
  ExitStatus run();

  RunStats stats() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Worker {
    explicit Worker(const Supervision& rules) : restarts(rules) {}

    WorkerProcess process;
    LineReader output, errors;
    WorkerPhase phase = WorkerPhase::greeting;
    Clock::time_point since;
    RestartPolicy restarts;
    Clock::time_point restart_at;  // of one that is down
    bool killed_for_time = false;  // it was said why
    std::uint64_t died_on = 0;     // the frame, of the last death
    int deaths_on_it = 0;
  };
  enum class StopStage : std::uint8_t { none, draining, aborting, terminating, killing };

  static bool has_process(const Worker& worker);
  void launch(std::size_t block);
  void launch_all();
  void relaunch_those_due();
  void wait_for_events();
  Clock::time_point next_timeout() const;
  void read_messages(std::size_t block);
  void on_event(std::size_t block, WorkerEvent event, const JsonObject& message);
  void act(SupervisorAction action, std::size_t block, const JsonObject& message);
  void check_hello(std::size_t block, const JsonObject& message);
  void send(std::size_t block, const JsonObject& message, const std::vector<int>& descriptors = {});
  void send_load(std::size_t block);

  std::chrono::nanoseconds spin(std::size_t block) const;
  bool all_in(WorkerPhase phase) const;
  /// By a media clock a run for a time ends with the stamps: each source ends before that one.
  bool ends_by_stamp() const { return options_.run_for && plan_.clock == ClockKind::media; }
  void enter(std::size_t block, WorkerPhase phase);
  void next_step();
  /// Of one worker alone, the successor of one that died.
  void next_step_of(std::size_t block);
  void send_own_pages(std::size_t block);
  void send_other_pages(std::size_t block);
  void send_start(std::size_t block);
  void start_blocks(bool sources);
  void begin_running();
  void reap(std::size_t block);
  bool may_restart(std::size_t block) const;
  /// It died, and was reaped: starts it again some time later, or gives up.
  void mourn(std::size_t block);
  void count_death_on_frame(std::size_t block);
  static bool may_retry(const Worker& worker);
  void start_debugger(std::size_t block, const JsonObject& message);
  void debugger_left();
  bool debugging() const { return debugger_ != nullptr && debugger_->running(); }
  bool is_debugged(std::size_t block) const { return debugging() && debugger_->block() == block; }
  void report_death(std::size_t block, const ProcessEnd& end);
  void look_for_hangs(Clock::time_point now);

  void on_signal(int number);
  void give_up(std::size_t block, std::string_view why);
  void stop(ExitStatus status, std::string_view reason);
  void escalate(StopStage stage);
  void kill_all();
  void check_times();
  /// Who wrote over shared memory is out of control, and ends like one that crashed.
  void look_for_damage();
  void look_for_stalls(Clock::time_point now);
  bool sinks_finished() const;
  bool anybody_left() const;
  void read_lines(std::size_t block, bool all);

  const Plan& plan_;
  const RunOptions options_;
  ProcessLauncher& launcher_;
  RunConsole& console_;
  Obituaries obituaries_;
  Debugger* const debugger_;
  const StopTimes stop_times_;
  Wiring wiring_;
  JoinWatch join_watch_;
  StallWatch stall_watch_;
  std::vector<Worker> workers_;
  FileDescriptor signals_;
  bool running_ = false;
  bool window_open_ = false;
  bool failed_ = false;
  int interrupts_ = 0;
  ExitStatus status_ = ExitStatus::success;
  StopStage stop_stage_ = StopStage::none;
  Clock::time_point stage_since_;
  Clock::time_point run_since_;
  Clock::time_point run_until_ = Clock::time_point::max();
  std::optional<Clock::time_point> ended_;
};

}  // namespace vcengine
