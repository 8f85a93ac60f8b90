#include "dot_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "plot_axis.hpp"

namespace vcengine::bench {

namespace {

constexpr int kWidth = 860, kLabels = 130, kRight = 40, kHeading = 24;
constexpr int kTop = 32, kTitle = 52, kAxis = 40;
constexpr double kLetter = 7.2;  // room for one, on average
constexpr std::string_view kColours[] = {"#888888", "#0b6bcb", "#d9730d",
                                         "#2e8b57", "#8e44ad", "#b8304f"};

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else {
      result += c;
    }
  }
  return result;
}

double width_of(std::string_view text) { return kLetter * static_cast<double>(text.size()); }

std::string_view colour_of(std::size_t series) { return kColours[series % std::size(kColours)]; }

std::string circle(double x, double y, const DotPlot& plot, std::size_t series) {
  if (plot.series[series].is_hollow) {
    return fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"#ffffff\" class=\"goal\"/>", x, y);
  }
  return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>", x, y,
                     colour_of(series));
}

/// The tick at `x`, and the ground from there to `end`.
std::string goal(double x, double end, double y) {
  return fmt::format(
      "<rect class=\"good\" x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"{2:.1f}\" height=\"12\"/>"
      "<line class=\"goal\" x1=\"{3:.1f}\" y1=\"{4:.1f}\" x2=\"{3:.1f}\" y2=\"{5:.1f}\"/>\n",
      std::min(x, end), y - 6, std::abs(end - x), x, y - 7, y + 7);
}

bool has_goals(const DotPlot& plot) {
  return std::ranges::any_of(plot.rows, [](const PlotRow& row) { return row.goal.has_value(); });
}

bool has_dots(const DotPlot& plot, std::size_t series) {
  return std::ranges::any_of(plot.rows, [&](const PlotRow& row) {
    return std::ranges::find(row.dots, series, &Dot::series) != row.dots.end();
  });
}

PlotAxis axis_of(const DotPlot& plot) {
  double left = kLabels, right = kRight;
  for (const auto& row : plot.rows) {
    left = std::max(left, 22 + width_of(row.label));
    if (!row.remark.empty()) right = std::max(right, 20 + width_of(row.remark));
  }
  return {plot, left, kWidth - right};
}

/// Dots of one row lie a little apart, so that equal answers do not hide each other.
constexpr double kApart = 3;

int row_height(const DotPlot& plot) {
  std::size_t most = 0;
  for (const auto& row : plot.rows) most = std::max(most, row.dots.size());
  return std::max(18, 6 + static_cast<int>(kApart) * static_cast<int>(most));
}

void draw_axis(std::string& out, const PlotAxis& axis, int top, int bottom) {
  for (const auto& [value, text] : axis.lines()) {
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\"/>\n"
        "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
        axis.x(value), top, bottom, bottom + 16, text);
  }
}

void draw_row(std::string& out, const DotPlot& plot, const PlotAxis& axis, const PlotRow& row,
              double y) {
  if (row.goal) {
    const auto end = row.goal->less_is_better ? axis.left() : axis.right();
    out += goal(axis.x(row.goal->value), end, y);
  }
  out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", axis.left() - 10,
                     y + 4, escaped(row.label));
  if (!row.remark.empty()) {
    out += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", axis.right() + 14, y + 4,
                       escaped(row.remark));
  }
  auto dot_y = y - kApart * (static_cast<double>(row.dots.size()) - 1) / 2;
  for (const auto& dot : row.dots) {
    if (dot.until) {
      out += fmt::format(
          "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n",
          axis.x(dot.value), dot_y, axis.x(*dot.until), dot_y, colour_of(dot.series));
    }
    out += circle(axis.x(dot.value), dot_y, plot, dot.series) + '\n';
    dot_y += kApart;
  }
}

void draw_legend(std::string& out, const DotPlot& plot, double y) {
  double x = 16;
  const auto write = [&](double at, std::string_view text) {
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", at, y + 4, escaped(text));
    x = at + width_of(text) + 24;
  };
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    if (!has_dots(plot, i)) continue;
    out += circle(x, y, plot, i);
    write(x + 9, plot.series[i].name);
  }
  if (!has_goals(plot)) return;
  out += goal(x + 8, x + 30, y);
  write(x + 38, "goal, met within the grey");
}

int height_of(const DotPlot& plot) {
  int height = kTitle + kAxis;
  const std::string* heading = nullptr;
  for (const auto& row : plot.rows) {
    if (heading == nullptr || *heading != row.heading) height += kHeading;
    heading = &row.heading;
    height += row_height(plot);
  }
  return height;
}

void draw_plot(std::string& out, const DotPlot& plot, int top) {
  const auto axis = axis_of(plot);
  const auto bottom = top + height_of(plot) - kAxis;
  out += fmt::format("<text class=\"title\" x=\"12\" y=\"{}\">{}</text>\n", top + 18,
                     escaped(plot.title));
  draw_legend(out, plot, top + 36);
  draw_axis(out, axis, top + kTitle, bottom);
  int y = top + kTitle;
  const std::string* heading = nullptr;
  for (const auto& row : plot.rows) {
    if (heading == nullptr || *heading != row.heading) {
      out += fmt::format("<text class=\"heading\" x=\"12\" y=\"{}\">{}</text>\n", y + 18,
                         escaped(row.heading));
      y += kHeading;
    }
    heading = &row.heading;
    draw_row(out, plot, axis, row, y + row_height(plot) / 2.0);
    y += row_height(plot);
  }
}

}  // namespace

std::string svg(const std::string& caption, const std::vector<DotPlot>& plots) {
  int height = kTop;
  for (const auto& plot : plots) height += height_of(plot);
  auto out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
      "viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<style>text {{fill: #333333}} .title {{font-size: 15px; font-weight: bold}} "
      ".heading {{font-style: italic}} .grid {{stroke: #dddddd}} .good {{fill: #e4e4e4}} "
      ".goal {{stroke: #333333; stroke-width: 2}}</style>\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n"
      "<text x=\"12\" y=\"22\">{2}</text>\n",
      kWidth, height, escaped(caption));
  int top = kTop;
  for (const auto& plot : plots) {
    draw_plot(out, plot, top);
    top += height_of(plot);
  }
  return out + "</svg>\n";
}

}  // namespace vcengine::bench
