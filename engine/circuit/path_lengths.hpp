/// How long the ways to the blocks of a circuit are, in frames that can be on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"

namespace vcengine {

class PathLengths {
 public:
  /// Of a complete circuit without cycles.
  explicit PathLengths(const Draft& draft);

  /// Does the reader of the wire wait for frames of other wires too?
  bool meets_others(std::size_t wire) const;

  /// Frames that queue up on a wire to a meeting at most while one is on the longest of the other
  /// ways there: one for each block that this way has less, one for each that an output of the
  /// other may keep back. What this way keeps back does not count: it *may* come late.
  std::uint64_t queue_before_meeting(std::size_t wire) const;

  /// Frames that the outputs on one way over this wire may keep back at most, and on one of the
  /// other ways to its reader.
  std::uint64_t delay(std::size_t wire) const { return over_[wire].delay; }
  std::uint64_t delay_beside(std::size_t wire) const { return beside(wire).delay; }

 private:
  struct Way {
    std::uint64_t blocks = 0;  ///< on the longest way
    std::uint64_t delay = 0;   ///< on the latest way
    std::uint64_t steps = 0;   ///< blocks and delay, where both together are most
  };

  static Way longest(const Way& one, const Way& other);
  Way beside(std::size_t wire) const;

  FlowGraph awaited_;
  std::vector<Way> over_;  ///< each wire, from the sources to its reader
};

}  // namespace vcengine
