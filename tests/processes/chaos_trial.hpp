/// A running circuit to which whatever a day can bring is done: faults of its blocks, and changes,
/// also with a death in the middle of one. And the look whether frames flow afterwards, whole and
/// counted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/engine/temporary_folder.hpp"
#include "tests/processes/chaos_circuits.hpp"
#include "tests/processes/support/control.hpp"
#include "tests/processes/support/process.hpp"

namespace vcengine::test {

/// Of all trials.
struct ChaosFigures {
  std::map<std::string, std::vector<double>> recoveries;        ///< ms, by what was done
  std::map<std::string, std::map<std::string, int>> unchanged;  ///< by what was done: why
  std::int64_t lost = 0, frames = 0;
  std::vector<std::string> wrong;
};

class ChaosTrial {
 public:
  /// Starts it. Borrows both.
  ChaosTrial(const ChaosCircuit& circuit, std::uint64_t seed, ChaosFigures& figures);

  /// Does one thing, and waits until frames come. Throws if they do not.
  void disturb();
  /// Stops it and looks at its accounts, and at what it left in the host.
  void end();

 private:
  void fault_from_outside();
  void fault_from_inside();
  void change();
  void change_and_kill();

  /// Tells the host to do it.
  void ask_for(const std::string& change, const std::string& block);
  /// What comes of it: why not; empty: it was done.
  std::string outcome_of_change();
  /// Each block that is on probation dies, which ends that.
  void end_probations();
  /// What was done to it is said for the figures: "kill".
  void recover(const std::string& what, const std::string& block);
  void look_at_report();
  void look_at_sinks(const std::map<std::string, std::int64_t>& dropped);

  const std::string& any_of(const std::vector<std::string>& words);
  std::chrono::milliseconds any_time_below(std::chrono::milliseconds limit);
  std::vector<pid_t> workers_named(const std::string& block) const;
  pid_t worker_of(const std::string& block);
  std::int64_t lost_so_far();
  void await_frames(const std::string& when);
  void expect(bool good, const std::string& what);

  const ChaosCircuit& circuit_;
  ChaosFigures& figures_;
  std::mt19937_64 random_;
  TemporaryFolder folder_;
  Process host_;
  ControlClient client_;
  std::set<std::string> swapped_;  ///< blocks, of which some may be on probation still
  std::size_t descriptors_ = 0, memory_files_ = 0;
};

}  // namespace vcengine::test
