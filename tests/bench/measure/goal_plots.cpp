#include <fmt/format.h>

#include <utility>

#include "figures_plots.hpp"
#include "goals.hpp"

namespace vcengine::bench {

namespace {

/// The names say it, and programs rely on them.
bool is_ratio(const Goal& goal) { return goal.name.find("_over_") != goal.name.npos; }

DotPlot of_those(const Figures& figures, std::string title, bool are_ratios) {
  DotPlot plot{std::move(title), {{"missed", true}, {"met"}}, {}};
  for (const auto bound : {Goal::Bound::at_most, Goal::Bound::at_least}) {
    const bool less_is_better = bound == Goal::Bound::at_most;
    for (const auto& goal : goals()) {
      if (goal.bound != bound || goal.value <= 0 || is_ratio(goal) != are_ratios) continue;
      const auto value = goal.measured(figures);
      if (!value || *value <= 0) continue;
      const auto met = is_met(goal, *value);
      // Figures of all units share an axis as parts of their goals.
      const auto unit = are_ratios ? 1 : goal.value;
      plot.rows.push_back(
          {less_is_better ? "less is better" : "more is better",
           std::string(goal.name),
           {Dot{met ? 1U : 0U, *value / unit, {}}},
           GoalTick{goal.value / unit, less_is_better},
           fmt::format("{:.3g}, {}{}", *value, text_of(goal), met ? "" : ": missed")});
    }
  }
  return plot;
}

}  // namespace

std::vector<DotPlot> goal_plots(const Figures& figures) {
  std::vector<DotPlot> plots{of_those(figures, "Ratios beside their goals", true),
                             of_those(figures, "Other figures over their goals", false)};
  std::erase_if(plots, [](const DotPlot& plot) { return plot.rows.empty(); });
  return plots;
}

}  // namespace vcengine::bench
