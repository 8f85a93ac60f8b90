/// How a circuit ends: sources end first and the rest drains what is on its wires; who is not done
/// in time is aborted, then asked to terminate, then killed. [host]
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/process/process_launcher.hpp"
#include "engine/run/exit_status.hpp"
#include "engine/run/run_console.hpp"
#include "engine/run/wiring.hpp"
#include "engine/run/worker.hpp"

namespace vcengine {

/// How long each step of a stop may take before the next one.
struct StopTimes {
  std::chrono::milliseconds drain{5000};
  std::chrono::milliseconds abort{2000};
  std::chrono::milliseconds terminate{1000};
};

class Shutdown {
 public:
  using Clock = std::chrono::steady_clock;

  /// All are borrowed.
  Shutdown(const Plan& plan, Wiring& wiring, ProcessLauncher& launcher, RunConsole& console,
           std::vector<Worker>& workers)
      : plan_(plan), wiring_(wiring), launcher_(launcher), console_(console), workers_(workers) {}

  /// True for the first call, which begins it. The first status counts, but a failure is never
  /// hidden by a stop that came before it. `running`: frames flow; before that there is nothing to
  /// drain, and blocks may be anywhere in their start().
  bool begin(ExitStatus status, std::string_view reason, bool running);
  /// The next step, if this one takes too long.
  void check_time(Clock::time_point now);
  /// Time that this step took up to now does not count.
  void excuse(Clock::time_point now) { since_ = now; }
  /// At once, whatever was before. Nobody who is down gets a successor.
  void kill_all();

  bool begun() const noexcept { return step_ != Step::none; }
  bool draining() const noexcept { return step_ == Step::draining; }
  /// Whoever ends now was told to by a signal.
  bool by_signals() const noexcept { return step_ >= Step::terminating; }
  Clock::time_point since() const noexcept { return since_; }  ///< it is at this step
  ExitStatus status() const noexcept { return status_; }

 private:
  enum class Step : std::uint8_t { none, draining, aborting, terminating, killing };

  void enter(Step step);
  void signal_all(int number, std::string_view what);

  const Plan& plan_;
  Wiring& wiring_;
  ProcessLauncher& launcher_;
  RunConsole& console_;
  std::vector<Worker>& workers_;
  const StopTimes times_;
  ExitStatus status_ = ExitStatus::success;
  Step step_ = Step::none;
  Clock::time_point since_;
  bool ran_ = false;  ///< before it began
};

}  // namespace vcengine
