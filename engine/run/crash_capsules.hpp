/// When a run makes a crash capsule, and what it says in it. [host]
///
/// A capsule is of a call of process(). What the recorder copies out of the wires must not be let
/// go of meanwhile: a successor is told to keep it; one that takes the same frame once more, and
/// would let go of it by itself, gets the pages of others only when it may.
#pragma once

#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "engine/capsule/capsule_recorder.hpp"
#include "engine/circuit/plan.hpp"
#include "engine/run/run_options.hpp"
#include "engine/run/set_up.hpp"
#include "engine/run/wiring.hpp"
#include "engine/run/worker.hpp"

namespace vcengine {

class CrashCapsules {
 public:
  using Clock = std::chrono::steady_clock;

  /// All but the options are borrowed.
  CrashCapsules(const Plan& plan, const RunOptions& options, Wiring& wiring, const SetUp& set_up,
                const std::vector<Worker>& workers);

  /// The worker of a block is reaped, which had these settings. `how`: "hang", "exit"; of a signal,
  /// `crash` will tell.
  void died(std::size_t block, const SetUp::Params& settings, std::string how, std::string text,
            std::shared_future<CrashInfo> crash = {});

  /// Its successor has to wait before it is handed the pages of others.
  bool hold_up(std::size_t block);
  /// What the block held is about to be let go.
  void before_it_is_gone(std::size_t block);
  void before_wires_go();

  Clock::time_point due() const { return recorder_.deadline(); }
  void look(Clock::time_point now);
  int fd() const noexcept { return recorder_.fd(); }
  std::vector<std::string> take_notes();
  std::vector<std::string> finish() { return recorder_.finish(); }

 private:
  bool takes_again(std::size_t block) const;
  void end_keeping();

  const Plan& plan_;
  Wiring& wiring_;
  const SetUp& set_up_;
  const std::vector<Worker>& workers_;
  CapsuleRecorder recorder_;
  std::optional<std::size_t> keeper_;  ///< a block whose process keeps what is being copied
};

}  // namespace vcengine
