#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "figures_plots.hpp"
#include "questions.hpp"

namespace vcengine::bench {

namespace {

/// The limit is the first.
constexpr std::array<std::pair<std::string_view, const char*>, 6> kSeries{
    {{kLimit, "limit"},
     {kCircuit, "vcengine"},
     {"one_thread", "loop, one thread"},
     {"default_threads", "loop, OpenCV's threads"},
     {"threads", "pipeline by hand"},
     {kGStreamer, "GStreamer"}}};

/// A plot that is made row by row, of the figures that there are.
class Plot {
 public:
  Plot(const Figures& figures, std::string title, double unit)
      : figures_(figures), unit_(unit), plot_{std::move(title), {}, {}} {
    for (const auto& [who, name] : kSeries) plot_.series.push_back({name});
  }

  void heading(std::string text) { heading_ = std::move(text); }

  /// Everybody's answer; a line leads to `until`, which alone does for who has no `part`.
  void row(std::string label, const std::string& question, const char* part,
           const char* until = nullptr) {
    PlotRow row{heading_, std::move(label), {}};
    for (std::size_t series = 0; series < kSeries.size(); ++series) {
      const std::string who(kSeries[series].first);
      auto value = figures_.median_of({question, who, part});
      auto end = until == nullptr ? std::nullopt : figures_.median_of({question, who, until});
      if (!value) value = std::exchange(end, std::nullopt);
      if (!value || *value <= 0) continue;
      if (end) *end /= unit_;
      row.dots.push_back({series, *value / unit_, end});
    }
    if (!row.dots.empty()) plot_.rows.push_back(std::move(row));
  }

  void add_to(std::vector<DotPlot>& plots) && {
    if (!plot_.rows.empty()) plots.push_back(std::move(plot_));
  }

 private:
  const Figures& figures_;
  double unit_;
  std::string heading_;
  DotPlot plot_;
};

Plot rates(const Figures& figures) {
  Plot plot(figures, "Frames a second", 1);
  const auto videos = [&](const char* part) {
    plot.row("video as given", "edges/given", part);
    plot.row("1080p", "edges/1080p", part);
  };
  plot.heading(
      "edges.yaml; limit: a loop on each of two cores, or the slowest stage if that is less");
  videos("whole");
  plot.heading("video, edge detector, nothing behind");
  videos("common_part");
  plot.heading("one heavy block alone");
  plot.row("1080p", "heavy/1080p", "whole");
  return plot;
}

Plot cpu(const Figures& figures) {
  Plot plot(figures, "Seconds of CPU in a minute of 1080p at 30 frames a second", 1);
  plot.heading("the blocks of edges.yaml");
  plot.row("1080p", "cpu/1080p30", "per_minute");
  return plot;
}

Plot live(const Figures& figures) {
  Plot plot(figures, "Age of a live picture at the sink, milliseconds: p50, and a line to p99",
            1e3);
  plot.heading("1080p at 30 Hz, 50 ms of work; limit of p99: the work and one period");
  plot.row("camera", "live/age", "p50", "p99");
  return plot;
}

Plot chain(const Figures& figures) {
  Plot plot(figures, "What blocks cost that pass 1080p on, microseconds", 1);
  const auto rows = [&](const char* part) {
    for (const auto blocks : {1, 4, 16, 64}) {
      plot.row(blocks == 1 ? "1 block" : fmt::format("{} blocks", blocks),
               fmt::format("chain/{}", blocks), part);
    }
  };
  plot.heading("each block of a chain; limit: processes in a ring that only wake each other");
  rows("hop");
  plot.heading("age behind the whole chain");
  rows("age");
  return plot;
}

Plot starts(const Figures& figures) {
  Plot plot(figures, "Milliseconds from the start of vcengine to the first frame at the sink",
            1e-3);
  plot.heading("blocks that do not load OpenCV");
  for (const auto blocks : {1, 5, 50, 200}) {
    plot.row(blocks == 1 ? "1 block" : fmt::format("{} blocks", blocks),
             fmt::format("start/{}_blocks", blocks), "first_frame");
  }
  return plot;
}

}  // namespace

std::vector<DotPlot> circuit_plots(const Figures& figures) {
  std::vector<DotPlot> plots;
  for (auto* make : {rates, cpu, live, chain, starts}) make(figures).add_to(plots);
  return plots;
}

}  // namespace vcengine::bench
