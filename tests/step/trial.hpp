/// One operation, disturbed at each of its instructions in turn.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/step/stepped_process.hpp"

namespace vcengine::test {

/// What becomes of the stepped process at instruction k.
enum class Fate {
  killed,          ///< and nobody takes its place
  succeeded,       ///< killed, and a successor goes on where it was, with pages of its own
  taken_over,      ///< killed, and a successor goes on with the same pages
  frozen,          ///< while all others go on, 300 operations long; then it comes to its end
  frozen_briefly,  ///< the same for a few operations
};
inline constexpr std::array kFates = {Fate::frozen_briefly, Fate::frozen, Fate::killed,
                                      Fate::succeeded, Fate::taken_over};
std::string_view to_string(Fate fate);

/// What others do while it is frozen, or dead and not reaped yet.
inline constexpr int kOperationsMeanwhile = 300;
/// Enough for a slot to be used again, too few for its old entry in the ring to be overwritten.
inline constexpr int kFewOperations = 6;
constexpr int operations_during(Fate fate) {
  return fate == Fate::frozen_briefly ? kFewOperations : kOperationsMeanwhile;
}

/// One place where fate may strike: before an instruction, or asleep in the one before.
struct Point {
  std::uint64_t instruction = 0;  // 0: can only be stepped to
  std::uint64_t time = 0;         // a loop comes by several times
};

/// One run of the operation: its stage, and the process on it that is stepped.
class Trial {
 public:
  virtual ~Trial() = default;

  /// The instructions of the operation, undisturbed.
  std::vector<Point> trace();
  /// Goes to the k-th point, as far as possible without stopping. False if this run came to its end
  /// before: two may differ, as the clock does.
  bool go_to(const std::vector<Point>& points, std::size_t k);
  /// False if the operation has no more instructions.
  bool step(std::size_t times);
  /// Throws Violation.
  virtual void meet(Fate fate) = 0;

 protected:
  /// `wake` ends its sleep; empty: it does not sleep.
  void start(const std::function<void()>& body, std::function<void()> wake = {});
  void run_to_end_of_steps();

  std::optional<SteppedProcess> process_;

 private:
  void step();

  std::function<void()> wake_;
  SteppedProcess::Stop stop_ = SteppedProcess::Stop::stepped;
};

/// What is tried, by name: see operations.hpp and relay_operations.hpp.
struct Trials {
  std::string name;
  std::function<std::unique_ptr<Trial>()> make;
};
inline void PrintTo(const Trials& trials, std::ostream* out) { *out << trials.name; }
std::vector<Trials> all_trials();
/// Long ones, of what only Fate::taken_over says something about that the others do not.
std::vector<Trials> take_over_trials();

struct Tried {
  std::uint64_t points = 0;  ///< instructions at which the fate struck
  std::vector<std::string> violations;
};

/// Stops at the first violation unless `all`. Throws PtraceForbidden.
Tried try_each_instruction(const Trials& trials, Fate fate, bool all);

}  // namespace vcengine::test
