/// What live control needs of a run.
#pragma once

#include <cstddef>

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
};

}  // namespace vcengine
