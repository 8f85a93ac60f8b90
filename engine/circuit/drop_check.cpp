#include <algorithm>
#include <optional>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/flow_graph.hpp"
#include "engine/circuit/path_lengths.hpp"

namespace vcengine {
namespace {

class DropSearch {
 public:
  explicit DropSearch(const Draft& draft)
      : draft_(draft),
        triggering_(triggering_wires(draft.plan)),
        order_(triggering_.in_order()),
        paths_(draft) {}

  /// The first block that gets frames of one live source over `wire` and past it.
  std::optional<std::size_t> meeting_of(std::size_t wire) const {
    auto sources = triggering_.before(triggering_.writer(wire));
    for (std::size_t block = 0; block < sources.size(); ++block)
      sources[block] = sources[block] && draft_.plan.blocks[block].live;
    const auto past = triggering_.behind(sources, wire);
    const auto over = triggering_.behind(triggering_.reader(wire));
    for (const auto block : order_) {
      if (over[block] && meets(block, wire, over, past)) return block;
    }
    return std::nullopt;
  }

 private:
  bool meets(std::size_t block, std::size_t wire, const FlowGraph::Blocks& over,
             const FlowGraph::Blocks& past) const {
    const auto& inputs = triggering_.into(block);
    const auto dropped = [&](std::size_t input) {
      return input == wire || over[triggering_.writer(input)];
    };
    // What meets frames that come late has to drop: see check_delays().
    const auto awaits = [&](std::size_t input) {
      return input != wire && past[triggering_.writer(input)] && paths_.delay(input) == 0;
    };
    return std::ranges::any_of(inputs, [&](std::size_t one) {
      return dropped(one) && std::ranges::any_of(inputs, [&](std::size_t other) {
               return other != one && awaits(other);
             });
    });
  }

  const Draft& draft_;
  FlowGraph triggering_;
  std::vector<std::size_t> order_;
  PathLengths paths_;
};

}  // namespace

void check_drops(Draft& draft) {
  if (draft.plan.offline) return;
  const DropSearch search(draft);
  for (std::size_t i = 0; i < draft.plan.wires.size(); ++i) {
    const auto& spec = *draft.links[i].spec;
    if (draft.plan.wires[i].latest || spec.policy != WirePolicy::drop_oldest) continue;
    const auto meeting = search.meeting_of(i);
    if (!meeting) continue;
    draft.warn(spec.policy_place,
               "frames dropped here lose their partners at '" + draft.plan.blocks[*meeting].name +
                   "'; leave 'policy' out: then the live source drops a frame for all branches "
                   "or for none");
  }
}

}  // namespace vcengine
