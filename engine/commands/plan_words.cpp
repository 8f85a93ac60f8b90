#include "engine/commands/plan_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

namespace {

std::string matching(const SyncRule& sync) {
  std::string text = sync.by == SyncRule::By::order ? "in their order"
                     : sync.tolerance.count() > 0
                         ? "within " + format_duration(sync.tolerance.count())
                         : "of equal stamps";
  if (sync.wait) text += ", waits " + format_duration(sync.wait->count()) + " at most";
  if (sync.partial) text += ", also without those that may be missing";
  return text;
}

std::string source_text(const PlannedBlock& block) {
  std::string text = "source";
  if (block.rate_hz) text += fmt::format(", {:g} times a second", *block.rate_hz);
  return block.live ? text + ", live" : text;
}

bool is_admitted(const Plan& plan, const PlannedWire& wire) {
  return std::ranges::any_of(plan.groups, [&](const AdmissionGroup& group) {
    return std::ranges::any_of(group.members, [&](const AdmissionGroup::Member& member) {
      return member.block == wire.to_block;
    });
  });
}

std::string why_policy(const Plan& plan, const PlannedWire& wire) {
  if (wire.feedback && plan.offline) return "closes a loop: brings what was before";
  if (plan.offline) return "offline every wire waits";
  if (wire.latest) return "only the newest is read";
  if (wire.says_policy) return "as the file says";
  const auto& writer = plan.blocks[wire.from_block];
  if (wire.policy == WirePolicy::drop_oldest) return writer.name + " is live";
  if (is_admitted(plan, wire)) return "frames are let in together";
  return "no frame is lost";
}

std::string why_depth(const PlannedWire& wire) {
  if (wire.says_depth) return wire.says_policy ? "" : ", depth as the file says";
  constexpr std::uint32_t kUsual = 2;
  return wire.depth > kUsual ? ", room for what is on a longer way" : "";
}

std::string after_a_stall(const PlannedWire& wire) {
  if (!wire.stall) return "";
  constexpr std::string_view kThen[] = {"a warning", "its reader is killed", "it drops"};
  return fmt::format(", {} after a stall of {} s",
                     kThen[static_cast<std::size_t>(wire.stall->then)],
                     std::chrono::duration<double>(wire.stall->after).count());
}

}  // namespace

std::string clock_word(ClockKind clock) { return clock == ClockKind::wall ? "wall" : "media"; }

std::string policy_word(WirePolicy policy) {
  return policy == WirePolicy::wait ? "wait" : "drop_oldest";
}

std::string by_word(SyncRule::By by) { return by == SyncRule::By::stamp ? "stamp" : "order"; }

std::string output_name(const Plan& plan, std::size_t wire) {
  return plan.blocks[plan.wires[wire].from_block].name + '.' + plan.wires[wire].from_port;
}

bool joins(const Plan& plan, std::size_t block) {
  return std::ranges::count_if(plan.wires, [&](const PlannedWire& wire) {
           return wire.to_block == block && !wire.latest;
         }) > 1;
}

std::string what_runs(const Plan& plan, std::size_t block) {
  const auto& planned = plan.blocks[block];
  if (planned.is_source) return source_text(planned);
  std::vector<std::string> inputs;
  for (const auto& wire : plan.wires) {
    if (wire.to_block == block && !wire.latest) inputs.push_back(wire.to_port);
  }
  if (inputs.size() == 1) return "for each " + inputs[0];
  return fmt::format("for each {}, {}", fmt::join(inputs, " + "), matching(planned.sync));
}

std::string why(const Plan& plan, std::size_t wire) {
  const auto& planned = plan.wires[wire];
  return why_policy(plan, planned) + why_depth(planned) + after_a_stall(planned);
}

}  // namespace vcengine
