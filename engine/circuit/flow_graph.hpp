/// Who is fed by whom: the wires of a plan as a graph, for the questions that take in all of it.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "engine/circuit/plan.hpp"

namespace vcengine {

class FlowGraph {
 public:
  /// One entry for each block.
  using Blocks = std::vector<bool>;
  using Chosen = std::function<bool(std::size_t wire)>;

  /// Of the wires that are `chosen`, as they are now.
  FlowGraph(const Plan& plan, const Chosen& chosen);

  /// Wires, in the order of the file.
  const std::vector<std::size_t>& into(std::size_t block) const { return into_[block]; }
  const std::vector<std::size_t>& out_of(std::size_t block) const { return out_of_[block]; }

  std::size_t writer(std::size_t wire) const { return plan_.wires[wire].from_block; }
  std::size_t reader(std::size_t wire) const { return plan_.wires[wire].to_block; }

  /// Blocks that frames of `start` reach, and `start` itself.
  Blocks behind(std::size_t start) const;
  Blocks behind(const Blocks& start, std::size_t without_wire) const;
  /// Blocks whose frames reach `end`, and `end` itself.
  Blocks before(std::size_t end) const;

  /// All blocks, each after those that feed it. There must be no cycle.
  std::vector<std::size_t> in_order() const;

 private:
  Blocks only(std::size_t block) const;

  const Plan& plan_;
  std::vector<std::vector<std::size_t>> into_, out_of_;
};

inline constexpr std::size_t kNoWire = static_cast<std::size_t>(-1);

/// The wires that make blocks run. Without cycles, once the check has seen to that.
FlowGraph triggering_wires(const Plan& plan);

/// The wires whose next frame, or the news that none will come, a block waits for before it runs:
/// offline those into a Latest too, but for the ones that close a loop. Without cycles.
FlowGraph awaited_wires(const Plan& plan);

}  // namespace vcengine
