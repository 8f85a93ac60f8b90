/// A picture of figures: a row for each question, a dot for each answer, on a logarithmic axis.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine::bench {

struct Dot {
  std::size_t series = 0;
  double value = 0;             ///< above 0
  std::optional<double> until;  ///< a thin line leads to there
};

/// What a row should be: a tick, and a grey ground on the side of it that is as good.
struct GoalTick {
  double value = 0;  ///< above 0
  bool less_is_better = true;
};

struct PlotRow {
  std::string heading;  ///< written above the first row that has it
  std::string label;
  std::vector<Dot> dots;
  std::optional<GoalTick> goal = {};
  std::string remark = {};  ///< behind the row, on the right
};

struct Series {
  std::string name;
  bool is_hollow = false;  ///< its dots are rings
};

struct DotPlot {
  std::string title;           ///< with the unit
  std::vector<Series> series;  ///< a colour each; those that have a dot are in the legend
  std::vector<PlotRow> rows;
};

/// One below the other, as SVG. Brings its own white ground.
std::string svg(const std::string& caption, const std::vector<DotPlot>& plots);

}  // namespace vcengine::bench
