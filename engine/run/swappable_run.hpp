/// What the exchange of a block's process needs of a run.
#pragma once

#include <cstddef>

#include "engine/circuit/plan.hpp"
#include "engine/control/json.hpp"
#include "engine/run/worker.hpp"

namespace vcengine {

class SwappableRun {
 public:
  virtual ~SwappableRun() = default;

  virtual WorkerPhase phase_of(std::size_t block) const = 0;
  /// Starts another process for a block, beside the one that it has. Throws std::system_error.
  virtual Worker launch_beside(std::size_t block, const PlannedBlock& next) = 0;
  /// Answers its first message. Throws ChannelError.
  virtual void load_beside(std::size_t block, const PlannedBlock& next, Worker& candidate,
                           const JsonObject& hello) = 0;
  /// What it wrote, to the console.
  virtual void read_lines_of(std::size_t block, Worker& candidate, bool all) = 0;
  /// Kills it if it runs, reaps it; a death of its own is told on the console, in these words.
  virtual std::string bury(std::size_t block, const PlannedBlock& next, Worker& candidate) = 0;
  /// The worker that runs is to leave its place between two frames, or to stay after all.
  virtual void ask_to_leave(std::size_t block, bool leave) = 0;
  /// The place is free: what it was becomes `next`, and its process is this one, which is loaded.
  virtual void take_place(std::size_t block, PlannedBlock next, Worker candidate) = 0;
};

}  // namespace vcengine
