/// What the exchange of blocks' processes needs of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/circuit/plan_match.hpp"
#include "engine/control/json.hpp"
#include "engine/run/plugin_build.hpp"
#include "engine/run/worker.hpp"

namespace vcengine {

/// What a worker is told of its place.
enum class Leave : std::uint8_t {
  no,        ///< it is to stay after all
  yes,       ///< another process takes it: between two frames
  for_good,  ///< nobody does: before it goes, its block drains
};

class SwappableRun {
 public:
  virtual ~SwappableRun() = default;

  /// Of the run; blocks are numbered as it has them.
  virtual const Plan& plan() const = 0;
  virtual WorkerPhase phase(std::size_t block) const = 0;
  /// Frames that its reader has yet to take.
  virtual std::uint64_t waiting_on(std::size_t wire) const = 0;

  /// Starts a process for a block of any plan, beside those that run. Throws std::system_error.
  virtual Worker launch_beside(const PlannedBlock& next) = 0;
  /// Answers its first message. `running`: the block whose settings it has. Throws ChannelError.
  virtual void load_beside(const Plan& plan, std::size_t block, std::optional<std::size_t> running,
                           Worker& candidate, const JsonObject& hello) = 0;
  /// What it wrote, to the console.
  virtual void read_lines_of(const PlannedBlock& block, Worker& candidate, bool all) = 0;
  /// Kills it if it runs, and reaps it; a death of its own is told on the console, and in these
  /// words.
  virtual std::string bury(const PlannedBlock& next, Worker& candidate) = 0;

  /// Another file is where the one was that the block was started from.
  virtual bool has_new_build(std::size_t block) const = 0;

  virtual void ask_to_leave(std::size_t block, Leave leave) = 0;
  /// The place is free: the block becomes another one, and this is its process. Gives the build
  /// that it was.
  virtual PluginBuild take_place(std::size_t block, PlannedBlock next, Worker worker) = 0;
  /// Only its params are others than in the plan.
  virtual void keep_params(std::size_t block, const PlannedBlock& next) = 0;
  /// The circuit becomes another one: all places are free that are needed, and here is who takes
  /// them.
  virtual void rewire(const Plan& next, const PlanMatch& match,
                      std::vector<std::pair<std::size_t, Worker>> workers) = 0;
};

}  // namespace vcengine
