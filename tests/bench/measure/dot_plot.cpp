#include "dot_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

namespace vcengine::bench {

namespace {

constexpr int kWidth = 860, kLeft = 130, kRight = 30, kRow = 18, kHeading = 24;
constexpr int kTop = 62, kTitle = 34, kAxis = 40;
constexpr std::string_view kColours[] = {"#888888", "#0b6bcb", "#d9730d", "#2e8b57", "#8e44ad"};

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

std::string_view colour_of(std::size_t series) { return kColours[series % std::size(kColours)]; }

/// Whole powers of ten around all values.
class Axis {
 public:
  explicit Axis(const DotPlot& plot) {
    double low = 0, high = 0;
    for (const auto& row : plot.rows) {
      for (const auto& dot : row.dots) {
        low = low == 0 ? dot.value : std::min(low, dot.value);
        high = std::max({high, dot.value, dot.until.value_or(0)});
      }
    }
    if (low <= 0) low = high = 1;
    first_ = static_cast<int>(std::floor(std::log10(low)));
    last_ = std::max(static_cast<int>(std::ceil(std::log10(high))), first_ + 1);
  }

  int first() const { return first_; }
  int last() const { return last_; }
  double x(double value) const {
    const auto part = (std::log10(value) - first_) / (last_ - first_);
    return kLeft + part * (kWidth - kLeft - kRight);
  }

 private:
  int first_ = 0, last_ = 1;
};

/// "0.001", "10", "100 000"
std::string power_of_ten(int power) {
  if (power < 0) return fmt::format("{:.{}f}", std::pow(10.0, power), -power);
  std::string text = "1";
  for (int zeros = power; zeros > 0; --zeros) {
    if (zeros % 3 == 0) text += ' ';
    text += '0';
  }
  return text;
}

void draw_axis(std::string& out, const Axis& axis, int top, int bottom) {
  for (int power = axis.first(); power <= axis.last(); ++power) {
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\"/>\n"
        "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
        axis.x(std::pow(10.0, power)), top, bottom, bottom + 16, power_of_ten(power));
  }
}

void draw_row(std::string& out, const Axis& axis, const PlotRow& row, int y) {
  out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", kLeft - 10, y + 4,
                     escaped(row.label));
  for (const auto& dot : row.dots) {
    const auto colour = colour_of(dot.series);
    // A little apart, so that equal answers do not hide each other.
    const auto dot_y = y - 4.5 + 3.0 * static_cast<double>(dot.series);
    if (dot.until) {
      out += fmt::format(
          "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n",
          axis.x(dot.value), dot_y, axis.x(*dot.until), dot_y, colour);
    }
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>\n",
                       axis.x(dot.value), dot_y, colour);
  }
}

int height_of(const DotPlot& plot) {
  int height = kTitle + kAxis;
  const std::string* heading = nullptr;
  for (const auto& row : plot.rows) {
    if (heading == nullptr || *heading != row.heading) height += kHeading;
    heading = &row.heading;
    height += kRow;
  }
  return height;
}

void draw_plot(std::string& out, const DotPlot& plot, int top) {
  const Axis axis(plot);
  const auto bottom = top + height_of(plot) - kAxis;
  out += fmt::format("<text class=\"title\" x=\"12\" y=\"{}\">{}</text>\n", top + 18,
                     escaped(plot.title));
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
    draw_row(out, axis, row, y + kRow / 2);
    y += kRow;
  }
}

void draw_legend(std::string& out, const std::vector<std::string>& series) {
  int x = kLeft;
  for (std::size_t i = 0; i < series.size(); ++i) {
    out += fmt::format(
        "<circle cx=\"{}\" cy=\"44\" r=\"4\" fill=\"{}\"/><text x=\"{}\" y=\"48\">{}</text>\n", x,
        colour_of(i), x + 9, escaped(series[i]));
    x += 120;
  }
}

}  // namespace

std::string svg(const std::string& caption, const std::vector<std::string>& series,
                const std::vector<DotPlot>& plots) {
  int height = kTop;
  for (const auto& plot : plots) height += height_of(plot);
  auto out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
      "viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<style>text {{fill: #333333}} .title {{font-size: 15px; font-weight: bold}} "
      ".heading {{font-style: italic}} .grid {{stroke: #dddddd}}</style>\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n"
      "<text x=\"12\" y=\"22\">{2}</text>\n",
      kWidth, height, escaped(caption));
  draw_legend(out, series);
  int top = kTop;
  for (const auto& plot : plots) {
    draw_plot(out, plot, top);
    top += height_of(plot);
  }
  return out + "</svg>\n";
}

}  // namespace vcengine::bench
