/// An output that is `delayed` by k frames keeps them back until k more have come in. Whoever waits
/// for those frames, and holds up on another input what would bring them, waits for ever. Two
/// things keep that from happening: the other wire has room for k + 1 frames, and each frame in it
/// has also been sent to the block that keeps frames back, so that k more are sure to have arrived
/// there.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"
#include "engine/circuit/path_lengths.hpp"
#include "engine/circuit/stall_search.hpp"

namespace vcengine {
namespace {

class DelayCheck {
 public:
  explicit DelayCheck(Draft& draft)
      : draft_(draft),
        plan_(draft.plan),
        triggering_(triggering_wires(draft.plan)),
        awaited_(awaited_wires(draft.plan)),
        order_(triggering_.in_order()),
        paths_(draft),
        stalls_(draft.plan) {
    for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
      if (draft.links[wire].output->delayed > 0) delayed_.push_back(wire);
    }
  }

  void check() {
    if (delayed_.empty()) return;
    for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
      if (paths_.meets_others(wire) && !gives_up_waiting(draft_.reader(wire))) check_full(wire);
    }
  }

 private:
  /// A frame that waits no longer than the clock says holds nothing up for ever.
  bool gives_up_waiting(const PlannedBlock& block) const {
    return block.sync.wait.has_value() && plan_.clock == ClockKind::wall;
  }

  void check_full(std::size_t full) {
    const auto stalled = stalls_.stalled_by(full);
    for (const auto late : delayed_) {
      const auto writer = awaited_.writer(late);
      if (!stalled[writer] || !is_on_another_way(late, full)) continue;
      if (!brings_as_much(full, late)) return refuse_skipping(full, late);
      if (plan_.wires[full].depth <= paths_.delay_beside(full)) return refuse_depth(full, late);
    }
  }

  /// Does the reader of `full` get frames that come over `late` by another of its inputs?
  bool is_on_another_way(std::size_t late, std::size_t full) const {
    const auto behind = awaited_.behind(awaited_.reader(late));
    const auto& inputs = awaited_.into(awaited_.reader(full));
    return std::ranges::any_of(inputs, [&](std::size_t input) {
      return input != full && (input == late || behind[awaited_.writer(input)]);
    });
  }

  /// Is each frame of `full` made of one that the block which keeps frames back got too, or of one
  /// that it made?
  bool brings_as_much(std::size_t full, std::size_t late) const {
    const auto keeper = awaited_.writer(late);
    const auto& inputs = triggering_.into(keeper);
    const bool gets_all = inputs.size() == 1 && plan_.wires[inputs[0]].policy == WirePolicy::wait;
    std::vector<bool> stems(plan_.blocks.size());
    const auto is_its = [&](std::size_t wire) {
      const auto& link = draft_.links[wire];
      return stems[awaited_.writer(wire)] || awaited_.writer(wire) == keeper ||
             (gets_all && link.output == draft_.links[inputs[0]].output);
    };
    for (const auto block : order_) {
      const auto& wires = triggering_.into(block);
      const auto& sync = plan_.blocks[block].sync;
      // In a match of equal stamps each frame has a partner in every input.
      const bool is_exact =
          sync.by == SyncRule::By::stamp && sync.tolerance.count() == 0 && !sync.partial;
      stems[block] = !wires.empty() && (is_exact ? std::ranges::any_of(wires, is_its)
                                                 : std::ranges::all_of(wires, is_its));
    }
    return is_its(full);
  }

  std::string what_waits(std::size_t full, std::size_t late) const {
    return '\'' + draft_.reader(full).name + "' waits for '" + draft_.output_name(late) +
           "', which " + draft_.lateness(late);
  }

  void refuse_skipping(std::size_t full, std::size_t late) {
    const auto& inputs = triggering_.into(awaited_.writer(late));
    const auto keeper = '\'' + draft_.writer(late).name + '\'';
    std::string nothing_comes = "'" + draft_.writer(late).name + "' is held up";
    std::string also_take_from = "behind " + keeper;
    if (inputs.size() == 1) {
      also_take_from = '\'' + draft_.output_name(inputs[0]) + '\'';
      nothing_comes = "nothing more comes from " + also_take_from;
    } else if (inputs.size() > 1) {
      nothing_comes = "no more frames match in " + keeper;
    }
    const auto room = std::max<std::uint64_t>(2, paths_.queue_before_meeting(full));
    draft_.error(
        draft_.links[full].spec->place,
        what_waits(full, late) + "; if " + nothing_comes +
            " meanwhile, this wire fills up and all wait for ever: " +
            (plan_.offline
                 ? "offline no wire drops, so take these frames from " + also_take_from + " as well"
                 : "let it drop instead, 'policy: drop_oldest, depth: " + std::to_string(room) +
                       '\''));
  }

  void refuse_depth(std::size_t full, std::size_t late) {
    const auto& spec = *draft_.links[full].spec;
    if (!spec.depth) return;  // more than any wire holds: said with the other depths
    const auto needed = std::max<std::uint64_t>(2, paths_.queue_before_meeting(full));
    draft_.error(spec.depth_place,
                 what_waits(full, late) + ", but this wire is full before: " +
                     (needed <= kDeepestWire
                          ? "say 'depth: " + std::to_string(needed) + "' or leave 'depth' out"
                          : "no wire holds as many, so take these frames from behind '" +
                                draft_.writer(late).name + '\''));
  }

  Draft& draft_;
  const Plan& plan_;
  FlowGraph triggering_, awaited_;
  std::vector<std::size_t> order_;
  PathLengths paths_;
  StallSearch stalls_;
  std::vector<std::size_t> delayed_;  ///< wires out of outputs that keep frames back
};

}  // namespace

void check_delays(Draft& draft) { DelayCheck(draft).check(); }

}  // namespace vcengine
