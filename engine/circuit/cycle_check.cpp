#include <algorithm>
#include <cstdint>
#include <set>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"

namespace vcengine {
namespace {

/// Walks the wires that trigger, from every block, and reports each cycle it closes. A cycle would
/// never start: every block of it waits for another.
class CycleSearch {
 public:
  explicit CycleSearch(Draft& draft)
      : draft_(draft),
        triggering_(triggering_wires(draft.plan)),
        state_(draft.plan.blocks.size()) {}

  bool found_any() {
    for (std::size_t block = 0; block < state_.size(); ++block) {
      if (state_[block] == State::unseen) visit(block);
    }
    return found_;
  }

 private:
  enum class State : std::uint8_t { unseen, on_path, done };

  // As deep as the longest path of a circuit: its 512 blocks at most.
  void visit(std::size_t block) {
    state_[block] = State::on_path;
    path_.push_back(block);
    for (const auto wire : triggering_.out_of(block)) {
      const auto next = draft_.plan.wires[wire].to_block;
      if (state_[next] == State::on_path) report(wire, next);
      if (state_[next] == State::unseen) visit(next);
    }
    path_.pop_back();
    state_[block] = State::done;
  }

  void report(std::size_t closing_wire, std::size_t first) {
    found_ = true;
    std::string names;
    bool is_new = false;
    for (auto block = std::find(path_.begin(), path_.end(), first); block != path_.end(); ++block) {
      names += draft_.plan.blocks[*block].name + " -> ";
      is_new = reported_.insert(*block).second || is_new;
    }
    if (!is_new) return;  // another way round through the same blocks
    draft_.error(draft_.links[closing_wire].spec->place,
                 "the wires " + names + draft_.plan.blocks[first].name +
                     " form a cycle in which every block waits for another; one of them must lead "
                     "into a Latest");
  }

  Draft& draft_;
  FlowGraph triggering_;
  std::vector<State> state_;
  std::vector<std::size_t> path_;
  std::set<std::size_t> reported_;
  bool found_ = false;
};

}  // namespace

bool check_cycles(Draft& draft) { return !CycleSearch(draft).found_any(); }

}  // namespace vcengine
