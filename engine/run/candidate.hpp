/// The next process of a block, brought up beside the one that runs, until it only waits for its
/// place. [host]
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "engine/run/poll_set.hpp"
#include "engine/run/swappable_run.hpp"

namespace vcengine {

class Candidate {
 public:
  using Clock = std::chrono::steady_clock;

  /// For a block of `plan`, with the settings of `running`. Borrows run and plan. Throws
  /// std::system_error.
  Candidate(SwappableRun& run, const Plan& plan, std::size_t block,
            std::optional<std::size_t> running);
  ~Candidate();
  Candidate(const Candidate&) = delete;
  Candidate& operator=(const Candidate&) = delete;

  void watch(PollSet& events);
  void check_times(Clock::time_point now);

  std::size_t block() const noexcept { return block_; }
  bool is_loaded() const noexcept { return !problem_ && worker_.phase == WorkerPhase::loaded; }
  /// Why it never will be; its process is gone then.
  const std::optional<std::string>& problem() const noexcept { return problem_; }
  /// For its place.
  Worker take();

 private:
  const PlannedBlock& planned() const { return plan_.blocks[block_]; }
  void read_messages();
  void ended();
  void fail(const std::string& why);

  SwappableRun& run_;
  const Plan& plan_;
  const std::size_t block_;
  const std::optional<std::size_t> running_;
  Worker worker_;
  bool taken_ = false;
  std::optional<std::string> problem_;
};

}  // namespace vcengine
