/// What is drawn of figures. None of these plots is empty: what was not measured is not there.
#pragma once

#include <vector>

#include "dot_plot.hpp"
#include "figures.hpp"

namespace vcengine::bench {

/// Hops beside limit and peers, and rates.
std::vector<DotPlot> wire_plots(const Figures& figures);

/// Rates, ages, starts and chains beside limits and other programs.
std::vector<DotPlot> circuit_plots(const Figures& figures);

/// Ratios beside their goals; other figures as parts of theirs. Goals of 0 have no place on a
/// logarithmic axis, and are in the table only.
std::vector<DotPlot> goal_plots(const Figures& figures);

}  // namespace vcengine::bench
