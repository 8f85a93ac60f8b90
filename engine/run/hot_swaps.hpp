/// Exchanges the process of a block that runs for one of another build, between two frames. [host]
///
/// The new process is started beside the old one, loads the plugin and constructs the block; only
/// then the old one is asked to leave: it ends its call of process(), stops its block, and its
/// successor maps the same pages, as after a death, but that nothing was lost. What goes wrong
/// until then costs nothing: the old one stays. What goes wrong within a probation brings the old
/// build back.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/run/candidate.hpp"
#include "engine/run/poll_set.hpp"
#include "engine/run/swappable_run.hpp"

namespace vcengine {

class HotSwaps {
 public:
  using Clock = std::chrono::steady_clock;
  /// Told once: what went wrong, or nothing.
  using OnOutcome = std::function<void(const std::string& problem)>;
  static constexpr std::chrono::seconds kLeaveTime{10};
  static constexpr std::chrono::seconds kProbation{10};

  explicit HotSwaps(SwappableRun& run) : run_(run) {}

  /// To what that plan has for it. Throws std::system_error.
  void begin(std::size_t block, std::shared_ptr<const Plan> next, OnOutcome on_outcome);
  /// From begin() until its successor runs.
  bool is_under_way(std::size_t block) const;
  bool any_under_way() const;
  /// The process that it has now is on probation, or not even there: its death is this one's to
  /// answer.
  bool holds(std::size_t block) const;

  void watch(PollSet& events);
  void check_times(Clock::time_point now);

  /// The block has its new process, which runs now.
  void runs(std::size_t block);
  /// It died: what it is to be again, if its build is on probation or did not get as far.
  std::optional<PlannedBlock> falls_back(std::size_t block);
  void end_probations();          ///< if none is under way: blocks get other numbers
  void stop() { stops_ = true; }  ///< the circuit ends: nothing is exchanged any more

 private:
  enum class Stage {
    waiting,  ///< for the new one to be loaded, then for the old one to leave
    taking_over,
    probation,
  };
  struct Swap {
    std::shared_ptr<const Plan> next;
    PlannedBlock before;
    OnOutcome on_outcome;
    std::unique_ptr<Candidate> candidate;
    Stage stage = Stage::waiting;
    std::optional<Clock::time_point> since = {};  ///< it asked the old one to leave, or runs
  };

  void look_at_place(std::size_t block, Swap& swap, Clock::time_point now);
  void end_probation(std::size_t block);
  /// It does not take place.
  void drop(std::size_t block, const std::string& why);

  SwappableRun& run_;
  std::map<std::size_t, Swap> swaps_;
  std::map<std::size_t, PluginBuild> builds_before_;  ///< what they go back to must not be closed
  bool stops_ = false;
};

}  // namespace vcengine
