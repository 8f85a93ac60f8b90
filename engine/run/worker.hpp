/// The worker of one block, as its supervisor sees it.
#pragma once

#include <chrono>
#include <string>

#include "engine/capsule/recent_lines.hpp"
#include "engine/control/json.hpp"
#include "engine/process/line_reader.hpp"
#include "engine/process/process_launcher.hpp"
#include "engine/run/plugin_build.hpp"
#include "engine/run/restart_policy.hpp"
#include "engine/run/worker_phase.hpp"

namespace vcengine {

struct Worker {
  using Clock = std::chrono::steady_clock;

  explicit Worker(const Supervision& rules) : restarts(rules) {}

  bool has_process() const {
    return process.pid != 0 && phase != WorkerPhase::gone && phase != WorkerPhase::down;
  }
  void enter(WorkerPhase next) {
    phase = next;
    since = Clock::now();
  }
  /// It says which build of its plugin it loaded, as soon as it has.
  void note_build(const JsonObject& message) {
    const auto* id = message.if_contains("build_id");
    if (id != nullptr && id->is_string()) build_id = text_of(message, "build_id");
  }

  WorkerProcess process;
  PluginBuild build;  ///< that it was started with
  LineReader output, errors;
  WorkerPhase phase = WorkerPhase::greeting;
  Clock::time_point since;  ///< it is in that phase
  RestartPolicy restarts;
  Clock::time_point restart_at;  ///< of one that is down
  bool killed_for_time = false;  ///< it was said why
  /// An edit brought it: until then, its failure costs no circuit that ran before.
  Clock::time_point on_trial_until;
  bool follows = false;   ///< its block came to its end before, and began anew
  bool paused = false;    ///< somebody told its block to stand still
  std::string log_level;  ///< "debug" …; empty: as the environment says
  bool retries = false;   ///< it is given once more what its predecessor did not end
  std::string build_id;   ///< of its plugin
  RecentLines recent;     ///< that it and its predecessors wrote
};

}  // namespace vcengine
