#include "engine/commands/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "engine/circuit/flow_graph.hpp"
#include "engine/commands/plan_words.hpp"
#include "engine/control/byte_size.hpp"
#include "engine/control/cores.hpp"
#include "engine/show/terminal_text.hpp"
#include "engine/show/text_table.hpp"

namespace vcengine {

namespace {

using enum TextTable::Align;

/// "detect, paint and view"
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

template <class Blocks>
std::vector<std::string> names_of(const Plan& plan, const Blocks& blocks) {
  std::vector<std::string> names;
  names.reserve(blocks.size());
  for (const auto block : blocks) names.push_back(plan.blocks[block].name);
  return names;
}

/// Where the frames of one source meet: each other, or those of other sources.
struct Meetings {
  std::vector<std::size_t> own;
  std::vector<std::size_t> with_others;
  std::set<std::size_t> others;
};

Meetings meetings_of(const Plan& plan, const AdmissionGroup& group) {
  const auto triggering = triggering_wires(plan);
  const auto behind = triggering.behind(group.source);
  Meetings meetings;
  for (const auto block : group.meets) {
    const auto& wires = triggering.into(block);
    const auto is_own = [&](std::size_t wire) { return behind[triggering.writer(wire)]; };
    if (std::ranges::count_if(wires, is_own) > 1) {
      meetings.own.push_back(block);
      continue;
    }
    meetings.with_others.push_back(block);
    for (const auto wire : wires) {
      if (is_own(wire)) continue;
      const auto before = triggering.before(triggering.writer(wire));
      for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] && triggering.into(i).empty()) meetings.others.insert(i);
      }
    }
  }
  return meetings;
}

std::string group_text(const Plan& plan, const AdmissionGroup& group) {
  std::vector<std::size_t> members;
  for (const auto& member : group.members) members.push_back(member.block);
  const bool several = members.size() > 1;
  auto text = fmt::format("{} is live: it lets a frame in for {}{}, or drops it{} (busy)",
                          plan.blocks[group.source].name, listed(names_of(plan, members)),
                          several ? " together" : "", several ? " for all" : "");
  const auto meetings = meetings_of(plan, group);
  if (!meetings.own.empty()) {
    text += ", because its branches meet again in " + listed(names_of(plan, meetings.own));
  }
  if (!meetings.with_others.empty()) {
    text += fmt::format(
        "{} its frames meet those of {} in {}", meetings.own.empty() ? ", because" : " and",
        listed(names_of(plan, meetings.others)), listed(names_of(plan, meetings.with_others)));
  }
  return text + '\n';
}

std::string table_of_blocks(const Plan& plan) {
  TextTable table({{"block"}, {"type"}, {"runs"}});
  for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
    table.add_row({plan.blocks[i].name, plan.blocks[i].type.info.type, what_runs(plan, i)});
  }
  return table.text();
}

/// Of the blocks that do not run as the host does; nothing if all do.
std::string table_of_resources(const Plan& plan) {
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  TextTable table({{"block"},
                   {"cpu"},
                   {"nice", right},
                   {"memory", right},
                   {"threads", right},
                   {"cwd"},
                   {"env"}});
  bool any = false;
  for (const auto& block : plan.blocks) {
    const auto& [cores, nice, memory, env, cwd] = block.resources;
    if (block.resources.empty() && block.threads == 1) continue;
    any = true;
    std::vector<std::string> variables;
    for (const auto& [name, value] : env) variables.push_back(name + '=' + value);
    table.add_row({block.name, or_dash(cores_text(cores)), nice ? fmt::to_string(*nice) : "-",
                   memory ? size_text(*memory) : "-",
                   block.threads == 0 ? "auto" : fmt::to_string(block.threads),
                   or_dash(one_terminal_line(cwd.string())),
                   or_dash(one_terminal_line(fmt::format("{}", fmt::join(variables, " "))))});
  }
  return any ? '\n' + table.text() : "";
}

std::string table_of_wires(const Plan& plan) {
  TextTable table({{"wire"}, {"policy"}, {"depth", right}, {"why"}});
  for (std::size_t i = 0; i < plan.wires.size(); ++i) {
    const auto& wire = plan.wires[i];
    table.add_row({fmt::format("{} -> {}", output_name(plan, i), plan.wire_name(i)),
                   policy_word(wire.policy), fmt::to_string(wire.depth), why(plan, i)});
  }
  return table.text();
}

/// Who makes whom wait: an output goes on when the slowest of those that wait for it has room.
std::string pace_text(const Plan& plan) {
  std::string text;
  for (const auto& output : plan.outputs) {
    std::vector<std::string> waiting;
    for (const auto wire : output.wires) {
      if (plan.wires[wire].policy == WirePolicy::wait) waiting.push_back(plan.wire_name(wire));
    }
    if (waiting.size() < 2 || plan.blocks[output.block].live) continue;
    text += fmt::format("{}.{} is as fast as the slowest of {}\n", plan.blocks[output.block].name,
                        output.port, listed(waiting));
  }
  return text;
}

}  // namespace

std::string groups_text(const Plan& plan) {
  std::string text;
  for (const auto& group : plan.groups) text += group_text(plan, group);
  return text;
}

std::string plan_text(const Plan& plan) {
  auto text =
      fmt::format("{}: {} blocks, {} wires, clock {}{}\n\n", plan.name, plan.blocks.size(),
                  plan.wires.size(), clock_word(plan.clock), plan.offline ? ", offline" : "");
  text += table_of_blocks(plan) + table_of_resources(plan);
  if (!plan.wires.empty()) text += '\n' + table_of_wires(plan);
  const auto notes = groups_text(plan) + pace_text(plan);
  return notes.empty() ? text : text + '\n' + notes;
}

}  // namespace vcengine
