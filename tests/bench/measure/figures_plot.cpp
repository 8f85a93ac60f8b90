#include "figures_plots.hpp"
#include "figures_text.hpp"

namespace vcengine::bench {

std::string plot(const Figures& figures, const Machine& machine) {
  std::vector<DotPlot> plots;
  for (auto&& some : {wire_plots(figures), circuit_plots(figures), goal_plots(figures)}) {
    plots.insert(plots.end(), some.begin(), some.end());
  }
  return svg(text_of(machine), plots);
}

}  // namespace vcengine::bench
