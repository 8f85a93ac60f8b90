/// Makes an edited circuit of one that runs: blocks come and go, wires lead elsewhere. [host]
///
/// First all processes that are needed are started beside those that run, and load. Then those
/// whose wires change leave, sources first, each once it has taken what is on the wires that will
/// be gone: so no frame on its way is lost. Only then the new wires are made. What goes wrong
/// before costs nothing: who has left comes back as it was.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/circuit/plan_match.hpp"
#include "engine/run/candidate.hpp"

namespace vcengine {

class Rewiring {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::seconds kEmptyTime{5};
  static constexpr std::chrono::seconds kLeaveTime{10};

  /// Throws std::system_error.
  Rewiring(SwappableRun& run, Plan next);

  void watch(PollSet& events);
  /// True once nobody stands in the way any more.
  bool is_ready(Clock::time_point now);
  /// Why it cannot be; then it is over.
  const std::optional<std::string>& problem() const noexcept { return problem_; }
  /// The block has left its place for this, and is not to be started again meanwhile.
  bool keeps_down(std::size_t block) const;

  const Plan& next() const noexcept { return *next_; }
  const PlanMatch& match() const noexcept { return match_; }
  std::vector<std::unique_ptr<Candidate>>& candidates() noexcept { return candidates_; }
  /// What is lost all the same: "4 frames on the wire into join.left".
  const std::vector<std::string>& losses() const noexcept { return losses_; }

 private:
  /// Of the running plan.
  struct Leaving {
    std::size_t block;
    std::optional<Clock::time_point> since;  ///< nothing that comes before it stands in its way
    std::optional<Clock::time_point> asked;
    bool left = false;
  };

  bool all_loaded(Clock::time_point now);
  bool has_left(Leaving& leaving, Clock::time_point now);
  bool is_removed(std::size_t block) const;
  bool is_empty_before(std::size_t block) const;
  bool writers_have_left(std::size_t block) const;
  void note_losses(std::size_t block);

  SwappableRun& run_;
  const std::unique_ptr<const Plan> next_;  // where candidates find it
  const PlanMatch match_;
  std::vector<std::unique_ptr<Candidate>> candidates_;
  std::vector<Leaving> leaving_;  // in the order in which they go
  std::vector<std::string> losses_;
  std::optional<std::string> problem_;
};

}  // namespace vcengine
