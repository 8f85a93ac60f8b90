/// A picture of figures: a row for each question, a dot for each answer, on a logarithmic axis.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace vcengine::bench {

struct Dot {
  std::size_t series = 0;
  double value = 0;             ///< above 0
  std::optional<double> until;  ///< a thin line leads to there
};

struct PlotRow {
  std::string heading;  ///< written above the first row that has it
  std::string label;
  std::vector<Dot> dots;
};

struct DotPlot {
  std::string title;  ///< with the unit
  std::vector<PlotRow> rows;
};

/// One below the other, with one legend, as SVG. Brings its own white ground.
std::string svg(const std::string& caption, const std::vector<std::string>& series,
                const std::vector<DotPlot>& plots);

}  // namespace vcengine::bench
