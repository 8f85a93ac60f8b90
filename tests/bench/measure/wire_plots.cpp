#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "figures_plots.hpp"
#include "questions.hpp"

namespace vcengine::bench {

namespace {

/// The limit is the first.
constexpr std::array<std::pair<std::string_view, const char*>, 4> kSeries{
    {{kLimit, "limit"}, {kWire, "vcengine"}, {"iceoryx", "iceoryx"}, {"zeromq", "ZeroMQ"}}};

std::string heading_of(const HopQuestion& question) {
  if (question.touch == Touch::all) return "sleeping, back to back, every byte written and read";
  std::string text = question.waiting == Waiting::spin ? "spinning" : "sleeping";
  text += question.pace == Pace::back_to_back ? ", back to back" : ", after 1 ms of idleness";
  return text + (question.waiting == Waiting::spin ? "; limit: a cache line there and back"
                                                   : "; limit: a bare futex wake");
}

std::optional<Dot> dot(const Figures& figures, const std::string& question, std::size_t series) {
  const auto part = [&](const char* name) {
    return figures.median_of({question, std::string(kSeries[series].first), name});
  };
  const auto p50 = part("p50");
  if (!p50 || *p50 <= 0) return std::nullopt;
  return Dot{series, *p50, part("p99")};
}

std::vector<Series> series() {
  std::vector<Series> all;
  all.reserve(kSeries.size());
  for (const auto& [who, name] : kSeries) all.push_back({name});
  return all;
}

DotPlot hops(const Figures& figures) {
  DotPlot plot{"Microseconds from one process to another: p50, and a line to p99", series(), {}};
  for (const auto& question : hop_questions()) {
    PlotRow row{heading_of(question), std::string(question.size.name), {}};
    const auto limit = question.touch == Touch::all ? question.name() : question.limit_name();
    for (std::size_t series = 0; series < kSeries.size(); ++series) {
      const auto& asked = kSeries[series].first == kLimit ? limit : question.name();
      if (const auto found = dot(figures, asked, series)) row.dots.push_back(*found);
    }
    const bool is_answered =
        std::ranges::any_of(row.dots, [](const Dot& one) { return one.series != 0; });
    if (is_answered) plot.rows.push_back(std::move(row));
  }
  return plot;
}

DotPlot rates(const Figures& figures) {
  DotPlot plot{"Frames taken in a second while neither side sleeps", series(), {}};
  for (const std::string policy : {"wait", "drop_oldest"}) {
    for (const auto& size : kFrameSizes) {
      for (const auto* touch : {"", "/written"}) {
        const auto label = std::string(size.name) + touch;
        const auto question = fmt::format("rate/{}/{}", policy, label);
        const auto taken = figures.median_of({question, std::string(kWire), "taken"});
        if (!taken || *taken <= 0) continue;
        plot.rows.push_back({"policy: " + policy, label, {Dot{1, *taken, {}}}});
      }
    }
  }
  return plot;
}

}  // namespace

std::vector<DotPlot> wire_plots(const Figures& figures) {
  std::vector<DotPlot> plots{hops(figures), rates(figures)};
  std::erase_if(plots, [](const DotPlot& plot) { return plot.rows.empty(); });
  return plots;
}

}  // namespace vcengine::bench
