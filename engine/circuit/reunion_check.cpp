/// What was matched by order has the stamp of the earlier frame of each pair. Where it meets one of
/// its own inputs again further down, it lags behind that one by any number of frames, more than a
/// wire can hold. (Within a tolerance it lags by so much at most.)
#include <algorithm>
#include <string>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"
#include "engine/circuit/stall_search.hpp"

namespace vcengine {
namespace {

class ReunionCheck {
 public:
  explicit ReunionCheck(Draft& draft)
      : draft_(draft),
        plan_(draft.plan),
        triggering_(triggering_wires(draft.plan)),
        awaited_(awaited_wires(draft.plan)),
        stalls_(draft.plan) {}

  void check() {
    for (std::size_t block = 0; block < plan_.blocks.size(); ++block) {
      if (triggering_.into(block).size() > 1 && plan_.blocks[block].sync.by == SyncRule::By::order)
        refuse_what_piles_up(block);
    }
  }

 private:
  void refuse_what_piles_up(std::size_t mixer) {
    const auto behind = awaited_.behind(mixer);
    for (std::size_t block = 0; block < behind.size(); ++block) {
      if (!behind[block] || waits_only_a_while(block)) continue;
      const auto& wires = awaited_.into(block);
      const auto piled_up = std::ranges::find_if(wires, [&](std::size_t wire) {
        return !behind[awaited_.writer(wire)] && !is_matched_by(mixer, wire) &&
               !is_told(mixer, wire) && may_starve(mixer, wire);
      });
      if (piled_up != wires.end()) refuse(mixer, *piled_up);
    }
  }

  bool waits_only_a_while(std::size_t block) const {
    return plan_.blocks[block].sync.wait && plan_.clock == ClockKind::wall;
  }

  bool is_matched_by(std::size_t mixer, std::size_t wire) const {
    return awaited_.reader(wire) == mixer && !plan_.wires[wire].latest;
  }

  /// What holds up a match by order or within a tolerance is refused for itself.
  bool is_told(std::size_t mixer, std::size_t wire) const {
    const auto& planned = plan_.wires[wire];
    if (planned.latest || !meets_in_match(mixer, planned.to_block)) return false;
    const auto& sync = plan_.blocks[planned.to_block].sync;
    return sync.by == SyncRule::By::order ||
           (sync.tolerance.count() > 0 && stalls_.stalled_without_live(wire)[mixer]);
  }

  /// Or else in a Latest of `block`?
  bool meets_in_match(std::size_t mixer, std::size_t block) const {
    const auto behind = awaited_.behind(mixer);
    return std::ranges::any_of(triggering_.into(block), [&](std::size_t input) {
      return behind[triggering_.writer(input)];
    });
  }

  /// May an input of `mixer` get nothing more while `full` is full?
  bool may_starve(std::size_t mixer, std::size_t full) const {
    const auto stalled = stalls_.stalled_by(full);
    return std::ranges::any_of(triggering_.into(mixer), [&](std::size_t input) {
      return stalled[triggering_.writer(input)];
    });
  }

  void refuse(std::size_t mixer, std::size_t wire) {
    const auto& planned = plan_.wires[wire];
    const auto& name = plan_.blocks[mixer].name;
    const auto lag = '\'' + name + "' matches by order and may be any number of frames behind ";
    const std::string without = "run it without --offline, or ";
    if (planned.latest) {
      draft_.error(draft_.circuit.blocks[mixer].sync->by_place,
                   lag + "what comes into the Latest '" + plan_.wire_name(wire) +
                       "', which offline is read at that time and would have to hold them all: " +
                       without + "match by stamp");
    } else {
      draft_.error(draft_.links[wire].spec->to.place,
                   lag +
                       "these frames, which meet what comes from it: this wire would have to "
                       "hold them all; " +
                       (meets_in_match(mixer, planned.to_block) ? "" : without) +
                       "take them from behind '" + name + "' too");
    }
  }

  Draft& draft_;
  const Plan& plan_;
  FlowGraph triggering_, awaited_;
  StallSearch stalls_;
};

}  // namespace

void check_reunions(Draft& draft) { ReunionCheck(draft).check(); }

}  // namespace vcengine
