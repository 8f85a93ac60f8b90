/// The logarithmic axis of a plot: where a value is, and the lines that are written at.
#pragma once

#include <string>
#include <vector>

#include "dot_plot.hpp"

namespace vcengine::bench {

class PlotAxis {
 public:
  struct Line {
    double value;
    std::string text;  ///< "0.001", "20", "100 000"
  };

  /// From `left` to `right`, around all values and goals. Lines at 1, 2 and 5 times the powers of
  /// ten; at those alone where that would be too many.
  PlotAxis(const DotPlot& plot, double left, double right);

  double left() const { return left_; }
  double right() const { return right_; }
  const std::vector<Line>& lines() const { return lines_; }
  double x(double value) const;

 private:
  double left_, right_;
  std::vector<Line> lines_;  ///< two or more, the first and the last at the ends
};

}  // namespace vcengine::bench
