/// By equal stamps a join never stalls: once a branch has skipped a frame, its bound says so. By
/// order or within a tolerance that news is not enough, the next frame has to come; and if it
/// cannot come before the join takes something from its other inputs, all wait for ever.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"
#include "engine/circuit/stall_search.hpp"

namespace vcengine {
namespace {

constexpr const char* kTogetherFirst =
    "put these two together in a block of their own first, by equal stamps";

class MatchingCheck {
 public:
  explicit MatchingCheck(Draft& draft)
      : draft_(draft),
        plan_(draft.plan),
        triggering_(triggering_wires(draft.plan)),
        stalls_(draft.plan) {}

  void check() {
    for (std::size_t block = 0; block < plan_.blocks.size(); ++block) {
      const auto& sync = plan_.blocks[block].sync;
      if (triggering_.into(block).size() < 2) continue;
      if (sync.by == SyncRule::By::order) check_order(block);
      if (sync.tolerance.count() > 0) check_tolerance(block);
    }
  }

 private:
  /// Two inputs: nothing comes into `empty` while `full` is full.
  struct Stall {
    std::size_t full, empty;
  };

  bool share_origin(std::size_t one, std::size_t other) const {
    const auto& origins = draft_.stamp_origins[triggering_.writer(one)];
    const auto& others = draft_.stamp_origins[triggering_.writer(other)];
    return std::ranges::any_of(origins, [&](std::size_t block) { return others.contains(block); });
  }

  bool all_equal(std::size_t block) const {
    const auto& inputs = triggering_.into(block);
    return std::ranges::all_of(
        inputs, [&](std::size_t input) { return share_origin(inputs.front(), input); });
  }

  std::optional<Stall> find_stall(std::size_t block, bool by_order) const {
    const auto& inputs = triggering_.into(block);
    for (const auto full : inputs) {
      const auto stalled = stalls_.stalled_by(full);
      const auto without_live = stalls_.stalled_without_live(full);
      for (const auto empty : inputs) {
        if (empty == full) continue;
        const auto writer = triggering_.writer(empty);
        // Frames of different live sources go on coming, so that stamps get further and further
        // apart until no tolerance puts them together.
        if (without_live[writer] || (stalled[writer] && (by_order || share_origin(full, empty))))
          return Stall{full, empty};
      }
    }
    return std::nullopt;
  }

  const SyncSpec& spec_of(std::size_t block) const { return *draft_.circuit.blocks[block].sync; }

  void check_order(std::size_t block) {
    const auto& name = plan_.blocks[block].name;
    const auto place = spec_of(block).by_place;
    if (const auto stall = find_stall(block, true)) {
      draft_.error(place,
                   both(*stall) +
                       " are fed together: one branch may skip frames, then the other waits "
                       "for ever; " +
                       (all_equal(block) ? "match them by stamp (leave 'sync' out)"
                        : share_origin(stall->full, stall->empty) ? kTogetherFirst
                                                                  : match_once("this order")));
    } else if (const auto live = live_sources(block); live.size() > 1) {
      draft_.error(place, "'" + name + "' cannot match by order what comes from '" +
                              plan_.blocks[live[0]].name + "' and '" + plan_.blocks[live[1]].name +
                              "': both are live, and a frame that one of them drops shifts all "
                              "later pairs; match them by time: 'sync: {tolerance: 15ms}'");
    } else {
      refuse_drops(block);
    }
  }

  std::vector<std::size_t> live_sources(std::size_t block) const {
    const auto before = triggering_.before(block);
    std::vector<std::size_t> live;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] && plan_.blocks[i].live) live.push_back(i);
    }
    return live;
  }

  void refuse_drops(std::size_t block) {
    const auto before = triggering_.before(block);
    for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
      const auto& planned = plan_.wires[wire];
      if (planned.latest || planned.policy == WirePolicy::wait || !before[planned.to_block])
        continue;
      draft_.error(draft_.links[wire].spec->policy_place,
                   "a frame dropped here shifts all later pairs of '" + plan_.blocks[block].name +
                       "', which matches by order; leave 'policy' out, so that the wire waits");
    }
  }

  void check_tolerance(std::size_t block) {
    const auto& sync = plan_.blocks[block].sync;
    if (sync.wait && plan_.clock == ClockKind::wall) return;  // then nothing waits for ever
    const auto stall = find_stall(block, false);
    if (!stall) return;
    const auto& name = plan_.blocks[block].name;
    const auto place = spec_of(block).tolerance_place;
    if (all_equal(block)) {
      draft_.error(place, "the inputs of '" + name +
                              "' come from one source, so their stamps are equal: leave "
                              "'tolerance' out");
    } else if (share_origin(stall->full, stall->empty)) {
      draft_.error(place, both(*stall) +
                              " come from one source: if one of them skips frames, the other may "
                              "wait for ever within a tolerance; " +
                              kTogetherFirst);
    } else {
      draft_.error(place, both(*stall) + " are fed together: while '" + name +
                              "' waits for one of them, the other may fill up and hold up both; " +
                              match_once("this tolerance") +
                              (plan_.offline ? ""
                                             : "; or let the wires into '" + name +
                                                   "' drop: 'policy: drop_oldest'"));
    }
  }

  std::string both(const Stall& stall) const {
    return '\'' + plan_.wire_name(stall.full) + "' and '" + plan_.wire_name(stall.empty) + '\'';
  }

  static std::string match_once(const std::string& rule) {
    return "match the sources once, in a flow.sync by " + rule +
           ", and take the frames of both from there";
  }

  Draft& draft_;
  const Plan& plan_;
  FlowGraph triggering_;
  StallSearch stalls_;
};

}  // namespace

void check_matching(Draft& draft) { MatchingCheck(draft).check(); }

}  // namespace vcengine
