/// What live control needs of a run.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/control/json.hpp"
#include "engine/run/reload.hpp"
#include "engine/run/run_stats.hpp"
#include "engine/run/worker_phase.hpp"

namespace vcengine {

class ControlledRun {
 public:
  virtual ~ControlledRun() = default;

  virtual WorkerPhase phase(std::size_t block) const = 0;
  virtual bool running() const = 0;   ///< frames may flow
  virtual bool stopping() const = 0;  ///< and will not for much longer
  virtual RunStats stats() const = 0;

  /// Ends the circuit as Ctrl-C would, with the status of success.
  virtual void stop_on_request() = 0;
  /// Sends a message to a running worker, which reads it before its next process(). False if it
  /// takes no more.
  virtual bool order(std::size_t block, const JsonObject& message) = 0;
  /// Whether the next process of that block is to begin with standing still.
  virtual void start_paused(std::size_t block, bool paused) = 0;
  /// Checks the circuit again, with the plugins as they are now (the block's type from `plugin`, if
  /// that is not empty), and gives the block a process of that build. Told later what went wrong,
  /// or nothing. Throws JsonError if it cannot begin.
  virtual void swap(std::size_t block, std::filesystem::path plugin,
                    std::function<void(const std::string& problem)> on_outcome) = 0;
  /// Reads the circuit file again, and changes of the run what differs, with the plugins as they
  /// are now. Told when all is done. Throws JsonError if it cannot begin.
  virtual void reload(Reload::OnOutcome on_outcome) = 0;
  /// Gives the block another process of the build that it has, without counting that as a death.
  /// Told when it runs, or what went wrong. Throws JsonError if it cannot begin.
  virtual void restart(std::size_t block,
                       std::function<void(const std::string& problem)> on_outcome) = 0;
  /// What the block's processes log from their start on.
  virtual void set_log_level(std::size_t block, const std::string& level) = 0;
  /// The circuit's clock stood still for so long.
  virtual void hold_back_clock(std::chrono::nanoseconds time) = 0;
};

}  // namespace vcengine
