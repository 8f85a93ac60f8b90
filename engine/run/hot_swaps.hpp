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
#include <optional>
#include <string>

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

  /// `now` is what it is to go back to. Throws std::system_error.
  void begin(std::size_t block, PlannedBlock now, PlannedBlock next, OnOutcome on_outcome);
  /// From begin() until its successor runs.
  bool is_under_way(std::size_t block) const;

  /// The process that it has now is on probation, or not even there: its death is this one's to
  /// answer.
  bool holds(std::size_t block) const;

  void watch(PollSet& events);
  void check_times(Clock::time_point now);

  /// The block has its new process, which runs now.
  void runs(std::size_t block);
  /// It died: what it is to be again, if its build is on probation or did not get as far.
  std::optional<PlannedBlock> falls_back(std::size_t block);
  void stop();  ///< the circuit ends: nothing is exchanged any more

 private:
  enum class Stage {
    loading,  ///< beside the old one
    waiting,  ///< for the old one to leave
    taking_over,
    probation,
  };
  struct Swap {
    PlannedBlock before, next;
    OnOutcome on_outcome;
    Worker candidate;
    Stage stage = Stage::loading;
    Clock::time_point since;
    bool asked_to_leave = false;
  };

  void read_messages(std::size_t block);
  void candidate_ended(std::size_t block);
  void look_at_place(std::size_t block, Swap& swap, Clock::time_point now);
  /// It does not take place.
  void drop(std::size_t block, const std::string& why);

  SwappableRun& run_;
  std::map<std::size_t, Swap> swaps_;
};

}  // namespace vcengine
