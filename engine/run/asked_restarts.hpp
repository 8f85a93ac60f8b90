/// Blocks whose process somebody wants to be another one, of the same build. [host]
///
/// It is asked to leave between two frames, which loses nothing; one that does not in time is
/// killed. Neither counts as a death.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace vcengine {

class AskedRestarts {
 public:
  using Clock = std::chrono::steady_clock;
  /// Told once: what went wrong, or nothing.
  using OnOutcome = std::function<void(const std::string& problem)>;

  static constexpr std::chrono::seconds kLeaveTime{5};

  /// It was asked to leave.
  void begin(std::size_t block, OnOutcome on_outcome);
  bool is_under_way(std::size_t block) const { return restarts_.contains(block); }
  /// It is being killed for this.
  bool kills(std::size_t block) const {
    const auto found = restarts_.find(block);
    return found != restarts_.end() && found->second.killed && !found->second.left;
  }

  /// One that has been asked for too long, and is to be killed now.
  template <class Kill>
  void check_times(Clock::time_point now, const Kill& kill) {
    for (auto& [block, restart] : restarts_) {
      if (restart.killed || restart.left || now - restart.since < kLeaveTime) continue;
      restart.killed = true;
      kill(block);
    }
  }
  /// It died, because of this or by itself. True: it was to.
  bool died(std::size_t block);
  void runs(std::size_t block);  ///< its successor
  /// The circuit is another one now: whoever waits is told so.
  void end_all();
  void ended(std::size_t block);  ///< for good

 private:
  struct Restart {
    OnOutcome on_outcome;
    Clock::time_point since;
    bool killed = false;
    bool left = false;
  };
  void tell(std::size_t block, const std::string& problem);

  std::map<std::size_t, Restart> restarts_;
};

}  // namespace vcengine
