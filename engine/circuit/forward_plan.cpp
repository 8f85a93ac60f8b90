/// Which frames are sent on without being copied: those of an input that an output names as its own
/// type (`Out<SameAs>`). All who may get them map the memory that they were written to.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/circuit/draft.hpp"

namespace vcengine {
namespace {

/// Each costs every reader a mapping; frames of further ones are copied.
constexpr std::size_t kMostOrigins = 16;

/// Frames that a block may have sent on and not let go of yet. They add up along a chain of such
/// blocks: one of 64 whose wires are all full needs 190. Each costs the output that wrote them a
/// slot, of address space alone, and an output has no more than 4096 of them.
constexpr std::uint32_t kForwarded = 248;
constexpr std::uint32_t kForwardedOfOutput = 2016;

class ForwardPlan {
 public:
  explicit ForwardPlan(Draft& draft)
      : draft_(draft), plan_(draft.plan), fed_by_(draft.plan.outputs.size()) {}

  void plan() {
    for (std::size_t output = 0; output < plan_.outputs.size(); ++output) {
      for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
        if (passes_on(output, wire)) fed_by_[output].push_back(wire);
      }
    }
    find_origins();
    share_places();
  }

 private:
  bool passes_on(std::size_t output, std::size_t wire) const {
    const auto& same_as = draft_.links[plan_.outputs[output].wires.front()].output->same_as;
    const auto& planned = plan_.wires[wire];
    return !same_as.empty() && planned.to_block == plan_.outputs[output].block &&
           (planned.to_port == same_as || planned.to_port.starts_with(same_as + '['));
  }

  /// Over any number of blocks that send on; some may do so in a circle.
  void find_origins() {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t output = 0; output < plan_.outputs.size(); ++output) {
        for (const auto wire : fed_by_[output]) {
          const auto from = plan_.wires[wire].from_output;
          const auto found =
              fed_by_[from].empty() ? std::vector{from} : plan_.outputs[from].origins;
          for (const auto origin : found)
            changed = add(plan_.outputs[output].origins, origin) || changed;
        }
      }
    }
  }

  static bool add(std::vector<std::size_t>& origins, std::size_t origin) {
    if (origins.size() == kMostOrigins || std::ranges::find(origins, origin) != origins.end())
      return false;
    origins.push_back(origin);
    return true;
  }

  void share_places() {
    std::vector<std::uint32_t> wires_of(plan_.outputs.size()), outputs_of(plan_.wires.size());
    for (const auto& wires : fed_by_) {
      for (const auto wire : wires) {
        if (outputs_of[wire]++ == 0) ++wires_of[plan_.wires[wire].from_output];
      }
    }
    for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
      if (outputs_of[wire] == 0) continue;
      auto& places = plan_.wires[wire].forwarded;
      places = std::min(kForwarded, kForwardedOfOutput / wires_of[plan_.wires[wire].from_output]);
    }
    for (std::size_t output = 0; output < plan_.outputs.size(); ++output) {
      auto& places = plan_.outputs[output].forwarded;
      for (const auto wire : fed_by_[output]) {
        const auto share = plan_.wires[wire].forwarded / outputs_of[wire];
        places = wire == fed_by_[output].front() ? share : std::min(places, share);
      }
    }
  }

  Draft& draft_;
  Plan& plan_;
  std::vector<std::vector<std::size_t>> fed_by_;  // of each output: the wires it sends on from
};

}  // namespace

void plan_forwarding(Draft& draft) { ForwardPlan(draft).plan(); }

}  // namespace vcengine
