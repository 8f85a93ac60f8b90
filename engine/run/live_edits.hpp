/// Changes of a circuit that runs: a block of another build, an edited file. [host]
///
/// The circuit is read and checked on another thread; what differs is then changed, the rest is not
/// touched: settings are set, blocks get new processes, wires lead elsewhere. One change after the
/// other.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/background.hpp"
#include "engine/run/file_watch.hpp"
#include "engine/run/hot_swaps.hpp"
#include "engine/run/live_control.hpp"
#include "engine/run/plan_source.hpp"
#include "engine/run/reload.hpp"
#include "engine/run/rewiring.hpp"
#include "engine/run/run_console.hpp"
#include "engine/run/swappable_run.hpp"

namespace vcengine {

class LiveEdits {
 public:
  using Clock = std::chrono::steady_clock;

  /// Borrows all.
  LiveEdits(SwappableRun& run, LiveControl& live, RunConsole& console)
      : run_(run), live_(live), console_(console), swaps_(run) {}

  /// Where to look for the circuit; borrowed. Without it nothing can be changed.
  void use(PlanSource& source) { source_ = &source; }
  /// Reloads by itself from now on, whenever the circuit file or a plugin changes.
  void follow_files();

  /// Throws JsonError if it cannot begin; what goes wrong later is told.
  void swap(std::size_t block, const std::filesystem::path& plugin, HotSwaps::OnOutcome on_outcome);
  void reload(Reload::OnOutcome on_outcome);

  void watch(PollSet& events);
  Clock::time_point due() const;
  void check_times(Clock::time_point now);
  void stop();  ///< the circuit ends

  // What becomes of workers meanwhile, as HotSwaps and Rewiring say.
  bool is_under_way(std::size_t block) const {
    return rewiring_ != nullptr || swaps_.is_under_way(block);
  }
  bool holds(std::size_t block) const { return swaps_.holds(block); }
  bool keeps_down(std::size_t block) const { return rewiring_ && rewiring_->keeps_down(block); }
  void runs(std::size_t block) { swaps_.runs(block); }
  std::optional<PlannedBlock> falls_back(std::size_t block) { return swaps_.falls_back(block); }

 private:
  void exchange(const std::string& block, const std::filesystem::path& plugin,
                const std::shared_ptr<const Plan>& next, const HotSwaps::OnOutcome& on_outcome);
  void begin_swap(std::size_t block, const std::shared_ptr<const Plan>& next,
                  const HotSwaps::OnOutcome& on_outcome);
  void adopt(const std::shared_ptr<const Plan>& next, const SharedReload& reload);
  void set(const LiveSettings::Change& change, const PlannedBlock& next,
           const SharedReload& reload);
  std::vector<LiveSettings::Change> changes_beside(const Rewiring& rewiring) const;
  void begin_rewiring(const Plan& next, const SharedReload& reload);
  void look_at_rewiring(Clock::time_point now);
  void look_at_starting();
  void reload_for_files();
  void require_source() const;

  SwappableRun& run_;
  LiveControl& live_;
  RunConsole& console_;
  PlanSource* source_ = nullptr;
  std::optional<FileWatch> files_;
  HotSwaps swaps_;
  std::unique_ptr<Rewiring> rewiring_;
  SharedReload rewiring_for_;
  std::map<std::size_t, SharedReload> starting_;  // blocks whose places were just taken
  bool stops_ = false;
  Background background_;  // last: its thread uses the others
};

}  // namespace vcengine
