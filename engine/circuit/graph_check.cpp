#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

/// Walks the wires that trigger, from every block, and reports each cycle it closes. A cycle would
/// never start: every block of it waits for another.
class CycleSearch {
 public:
  explicit CycleSearch(Draft& draft) : draft_(draft), state_(draft.plan.blocks.size()) {
    leaving_.resize(draft.plan.blocks.size());
    for (std::size_t i = 0; i < draft.plan.wires.size(); ++i) {
      if (draft.triggers(i)) leaving_[draft.plan.wires[i].from_block].push_back(i);
    }
  }

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
    for (const auto wire : leaving_[block]) {
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
  std::vector<State> state_;
  std::vector<std::vector<std::size_t>> leaving_;  ///< of each block, wires that trigger
  std::vector<std::size_t> path_;
  std::set<std::size_t> reported_;
  bool found_ = false;
};

using Sources = std::set<std::size_t>;

/// The sources whose frames make a block run, over wires without cycles.
class Upstream {
 public:
  explicit Upstream(const Draft& draft) : draft_(draft), known_(draft.plan.blocks.size()) {
    entering_.resize(draft.plan.blocks.size());
    for (std::size_t i = 0; i < draft.plan.wires.size(); ++i) {
      if (draft.triggers(i)) entering_[draft.plan.wires[i].to_block].push_back(i);
    }
  }

  const std::vector<std::size_t>& wires_into(std::size_t block) const { return entering_[block]; }

  const Sources& of(std::size_t block) {
    auto& sources = known_[block];
    if (sources) return *sources;
    Sources found;
    if (entering_[block].empty()) found.insert(block);
    for (const auto wire : entering_[block])
      found.merge(Sources(of(draft_.plan.wires[wire].from_block)));
    return sources.emplace(std::move(found));
  }

 private:
  const Draft& draft_;
  std::vector<std::vector<std::size_t>> entering_;
  std::vector<std::optional<Sources>> known_;
};

/// "'left' comes from camera"
std::string describe(const Draft& draft, std::size_t wire, const Sources& sources) {
  std::string names;
  for (const auto source : sources)
    names += (names.empty() ? "" : " and ") + draft.plan.blocks[source].name;
  return '\'' + draft.plan.wires[wire].to_port + "' comes from " + names;
}

/// Frames of several inputs are matched by equal stamps, which only frames of one source have.
void check_joins(Draft& draft) {
  Upstream upstream(draft);
  for (std::size_t block = 0; block < draft.plan.blocks.size(); ++block) {
    const auto& wires = upstream.wires_into(block);
    if (wires.size() < 2 || draft.circuit.blocks[block].sync) continue;
    const auto first = wires.front();
    auto shared = upstream.of(draft.plan.wires[first].from_block);
    for (const auto wire : wires) {
      const auto& sources = upstream.of(draft.plan.wires[wire].from_block);
      std::erase_if(shared, [&](std::size_t source) { return !sources.contains(source); });
      if (!shared.empty()) continue;
      draft.error(draft.links[wire].spec->to.place,
                  "the inputs of '" + draft.plan.blocks[block].name +
                      "' share no source, so their frames never match: " +
                      describe(draft, first, upstream.of(draft.plan.wires[first].from_block)) +
                      ", " + describe(draft, wire, sources) +
                      " (if their stamps are equal all the same, say so: 'sync: {by: stamp}')");
      break;
    }
  }
}

}  // namespace

void check_graph(Draft& draft) {
  const bool has_cycle = CycleSearch(draft).found_any();
  // With a wire or type missing, who shares a source with whom is not known.
  if (!has_cycle && draft.complete) check_joins(draft);
}

}  // namespace vcengine
