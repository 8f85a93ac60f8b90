#include "engine/circuit/plan_match.hpp"

#include <algorithm>

namespace vcengine {

namespace {

template <class Items, class Same>
std::optional<std::size_t> find_same(const Items& items, const Same& same) {
  const auto found = std::ranges::find_if(items, same);
  if (found == items.end()) return std::nullopt;
  return static_cast<std::size_t>(found - items.begin());
}

class Matcher {
 public:
  Matcher(const Plan& running, const Plan& next) : running_(running), next_(next) {}

  PlanMatch match() {
    match_blocks();
    match_outputs();
    match_wires();
    find_changed();
    find_leaving();
    return std::move(match_);
  }

 private:
  void match_blocks() {
    for (const auto& block : next_.blocks) {
      match_.blocks.push_back(find_same(
          running_.blocks, [&](const PlannedBlock& one) { return one.name == block.name; }));
    }
  }

  void match_outputs() {
    for (const auto& output : next_.outputs) {
      match_.outputs.push_back(find_same(
          running_.outputs, [&](const PlannedOutput& one) { return is_same(one, output); }));
    }
    // Who sends frames on has them in the memory of others: new memory there is new memory here.
    for (bool again = true; again;) {
      again = false;
      for (std::size_t output = 0; output < next_.outputs.size(); ++output) {
        auto& kept = match_.outputs[output];
        if (!kept || same_origins(running_.outputs[*kept], next_.outputs[output])) continue;
        kept.reset();
        again = true;
      }
    }
  }

  bool is_same(const PlannedOutput& now, const PlannedOutput& then) const {
    return running_.blocks[now.block].name == next_.blocks[then.block].name &&
           now.port == then.port && now.type == then.type &&
           now.record_fields == then.record_fields && now.capacity == then.capacity &&
           now.delayed == then.delayed && now.tells_bound == then.tells_bound &&
           now.forwarded == then.forwarded &&
           std::ranges::equal(now.wires, then.wires, [this](std::size_t one, std::size_t other) {
             return is_same(running_.wires[one], next_.wires[other]);
           });
  }

  bool is_same(const PlannedWire& now, const PlannedWire& then) const {
    return running_.blocks[now.to_block].name == next_.blocks[then.to_block].name &&
           now.to_port == then.to_port && now.policy == then.policy && now.depth == then.depth &&
           now.drops_when_stalled() == then.drops_when_stalled() && now.latest == then.latest &&
           now.feedback == then.feedback && now.forwarded == then.forwarded;
  }

  bool same_origins(const PlannedOutput& now, const PlannedOutput& then) const {
    return std::ranges::equal(
        now.origins, then.origins,
        [this](std::size_t one, std::size_t other) { return match_.outputs[other] == one; });
  }

  void match_wires() {
    match_.wires.resize(next_.wires.size());
    for (std::size_t output = 0; output < next_.outputs.size(); ++output) {
      if (!match_.outputs[output]) continue;
      const auto& before = running_.outputs[*match_.outputs[output]].wires;
      for (std::size_t i = 0; i < before.size(); ++i) {
        match_.wires[next_.outputs[output].wires[i]] = before[i];
      }
    }
  }

  void find_changed() {
    for (std::size_t block = 0; block < next_.blocks.size(); ++block) {
      if (is_changed(block)) match_.changed.push_back(block);
    }
  }

  bool is_changed(std::size_t block) const {
    if (!match_.blocks[block]) return true;
    const auto before = *match_.blocks[block];
    const auto& now = running_.blocks[before];
    const auto& then = next_.blocks[block];
    return needs_another_process(now, then) || now.is_source != then.is_source ||
           now.live != then.live || running_.is_admitted(before) != next_.is_admitted(block) ||
           !same_group(before, block) || !keeps_all_wires(before, block);
  }

  bool keeps_all_wires(std::size_t before, std::size_t block) const {
    const auto touches = [](std::size_t one) {
      return
          [one](const PlannedWire& wire) { return wire.from_block == one || wire.to_block == one; };
    };
    std::ptrdiff_t kept = 0;
    for (std::size_t wire = 0; wire < next_.wires.size(); ++wire) {
      if (!touches(block)(next_.wires[wire])) continue;
      if (!match_.wires[wire]) return false;
      ++kept;
    }
    return kept == std::ranges::count_if(running_.wires, touches(before));
  }

  /// Whom a live source looks at.
  bool same_group(std::size_t before, std::size_t block) const {
    const auto now = std::ranges::find(running_.groups, before, &AdmissionGroup::source);
    const auto then = std::ranges::find(next_.groups, block, &AdmissionGroup::source);
    if (now == running_.groups.end() || then == next_.groups.end()) {
      return (now == running_.groups.end()) == (then == next_.groups.end());
    }
    return std::ranges::equal(now->members, then->members,
                              [this](const auto& one, const auto& other) {
                                return match_.blocks[other.block] == one.block &&
                                       one.after == other.after && one.joins == other.joins;
                              });
  }

  void find_leaving() {
    for (std::size_t block = 0; block < running_.blocks.size(); ++block) {
      const auto stays = std::ranges::find(match_.blocks, std::optional(block));
      const auto next = static_cast<std::size_t>(stays - match_.blocks.begin());
      const bool removed = stays == match_.blocks.end();
      if (removed || std::ranges::count(match_.changed, next) != 0) match_.leaving.push_back(block);
    }
  }

  const Plan& running_;
  const Plan& next_;
  PlanMatch match_;
};

}  // namespace

bool PlanMatch::keeps_wire(std::size_t running_wire) const {
  return std::ranges::find(wires, std::optional(running_wire)) != wires.end();
}

PlanMatch match_plans(const Plan& running, const Plan& next) {
  return Matcher(running, next).match();
}

std::string reason_to_start_again(const Plan& running, const Plan& next) {
  if (running.name != next.name) return "it has another name";
  if (running.clock != next.clock) return "it goes by another clock";
  return {};
}

bool needs_another_process(const PlannedBlock& now, const PlannedBlock& then) {
  return now.type.plugin != then.type.plugin || now.type.info != then.type.info ||
         now.rate_hz != then.rate_hz || now.threads != then.threads || now.sync != then.sync ||
         now.supervision != then.supervision || now.resources != then.resources;
}

}  // namespace vcengine
