/// Finds blocks that wait for each other in a ring because a wire is too short for what they do,
/// and says which wire must hold more.
///
/// Queues that are long enough for one circuit are too short for another: a block that sends five
/// frames in one process() and then one on a second output, where both meet, fills a queue of two
/// before its reader can take anything. How long they must be cannot be told from the circuit. So
/// the shortest full wire of such a ring grows, as often as it takes (T. M. Parks, "Bounded
/// Scheduling of Process Networks", 1995): what a circuit computes does not depend on how much its
/// wires hold.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/circuit/plan.hpp"

namespace vcengine {

class StallWatch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  enum class Doing : std::uint8_t { works, waits_for_input, waits_for_space, ended };
  struct BlockNow {
    Doing doing = Doing::works;
    TimePoint since;
    bool down = false;  ///< no process of it runs
  };
  struct WireNow {
    std::uint64_t waiting = 0;  ///< frames published and not taken
    std::uint32_t depth = 0;    ///< as it is now
    std::uint64_t next = 0;     ///< frame that its reader takes next
    bool waits = true;          ///< for its reader
  };

  /// Borrows the plan.
  explicit StallWatch(const Plan& plan);

  /// A wire that must hold more, if some blocks have waited for each other for a while.
  std::optional<std::size_t> too_short(const std::vector<BlockNow>& blocks,
                                       const std::vector<WireNow>& wires, TimePoint now) const;

 private:
  const Plan& plan_;
  std::vector<std::vector<std::size_t>> into_, out_of_;  ///< of each block: wires
};

}  // namespace vcengine
