/// How young frames are that come from a live source, go through branches of unequal cost and meet
/// again. README.md says what the figures mean.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/control/json.hpp"
#include "program_run.hpp"

namespace vcengine::bench {
namespace {

namespace fs = std::filesystem;

struct Scenario {
  std::string name;
  std::string circuit;       ///< its sink is called `sink`, its source `camera`
  double branch_ms = 0;      ///< work on the slower branch
  double bottleneck_ms = 0;  ///< its slowest block
};

struct Figures {
  double rate = 0;  ///< frames a second at the sink
  double age_p50_ms = 0, age_p99_ms = 0;
  std::int64_t unmatched = 0, busy = 0;
};

constexpr double kPeriodMs = 1e3 / 30;

std::string work(const char* name, int ms) {
  return fmt::format("  {}: {{type: test.work, params: {{time: {}ms}}}}\n", name, ms);
}

std::string blocks(const std::string& more) {
  return "blocks:\n  camera: {type: test.beat, params: {rate: 30}}\n" + more +
         "  sink: {type: test.ages}\n";
}

std::string two_branches(int first, int second) {
  return blocks(work("a", first) + work("b", second) + "  join: {type: test.add}\n") +
         "wires:\n"
         "  - camera.beat -> a.in\n"
         "  - camera.beat -> b.in\n"
         "  - a.out -> join.left\n"
         "  - b.out -> join.right\n"
         "  - join.sum -> sink.in\n";
}

std::vector<Scenario> scenarios() {
  return {
      {"45 and 50 ms", two_branches(45, 50), 50, 50},
      {"100 and 130 ms", two_branches(100, 130), 130, 130},
      {"30, 45 and 50 ms",
       blocks(work("a", 30) + work("b", 45) + work("c", 50) +
              "  first: {type: test.add}\n  join: {type: test.add}\n") +
           "wires:\n"
           "  - camera.beat -> a.in\n"
           "  - camera.beat -> b.in\n"
           "  - camera.beat -> c.in\n"
           "  - a.out -> first.left\n"
           "  - b.out -> first.right\n"
           "  - first.sum -> join.left\n"
           "  - c.out -> join.right\n"
           "  - join.sum -> sink.in\n",
       50, 50},
      {"a join inside a branch",
       blocks(work("a", 20) + work("b", 40) + work("c", 45) +
              "  inner: {type: test.add}\n  join: {type: test.add}\n") +
           "wires:\n"
           "  - camera.beat -> a.in\n"
           "  - camera.beat -> inner.right\n"
           "  - camera.beat -> c.in\n"
           "  - a.out -> inner.left\n"
           "  - inner.sum -> b.in\n"
           "  - b.out -> join.left\n"
           "  - c.out -> join.right\n"
           "  - join.sum -> sink.in\n",
       60, 45},
      {"10 then 50 ms, and none",
       blocks(work("a", 10) + work("b", 50) + "  join: {type: test.add}\n") +
           "wires:\n"
           "  - camera.beat -> a.in\n"
           "  - camera.beat -> join.right\n"
           "  - a.out -> b.in\n"
           "  - b.out -> join.left\n"
           "  - join.sum -> sink.in\n",
       60, 50},
  };
}

/// A sink that is slower than its live source, straight behind it and behind a join.
std::vector<Scenario> slow_sinks() {
  const std::string sink = "  sink: {type: test.ages, params: {time: 100ms}}\n";
  const std::string camera = "blocks:\n  camera: {type: test.beat, params: {rate: 30}}\n";
  return {{"straight", camera + sink + "wires: [camera.beat -> sink.in]\n", 100, 100},
          {"behind a join",
           camera + work("a", 10) + work("b", 20) + "  join: {type: test.add}\n" + sink +
               "wires:\n"
               "  - camera.beat -> a.in\n"
               "  - camera.beat -> b.in\n"
               "  - a.out -> join.left\n"
               "  - b.out -> join.right\n"
               "  - join.sum -> sink.in\n",
           120, 100}};
}

/// One of two branches has a gate, which closes and opens again every second.
Scenario gated() {
  return {"a gate in front of 45 ms, and 50 ms",
          "blocks:\n  camera: {type: test.beat, params: {rate: 30}}\n" + work("a", 45) +
              work("b", 50) +
              "  seconds: {type: core.counter, rate: 1.01}\n"
              "  toggle: {type: test.toggle, params: {n: 1}}\n"
              "  said: {type: test.ages, params: {path: said.txt}}\n"
              "  gate: {type: flow.gate}\n"
              "  join: {type: test.add}\n"
              "  sink: {type: test.ages}\n"
              "wires:\n"
              "  - seconds.number -> toggle.in\n"
              "  - toggle.out -> gate.open\n"
              "  - toggle.out -> said.in\n"
              "  - camera.beat -> gate.in\n"
              "  - camera.beat -> b.in\n"
              "  - gate.out -> a.in\n"
              "  - a.out -> join.left\n"
              "  - b.out -> join.right\n"
              "  - join.sum -> sink.in\n",
          50, 50};
}

double quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

class Bench {
 public:
  explicit Bench(int seconds) : seconds_(seconds) {
    fs::path pattern = fs::temp_directory_path() / "vcengine-live-XXXXXX";
    std::string name = pattern.string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    folder_ = name;
  }
  ~Bench() { fs::remove_all(folder_); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  /// Ages at the sink, in the order in which the frames came.
  std::vector<double> ages_of(const Scenario& scenario) const {
    run_host(scenario);
    return read_ages().ages;
  }

  /// From each opening of the gate until a joined frame came, in ms.
  std::vector<double> waits_after_opening() const {
    run_host(gated());
    const auto joined = read_ages().arrivals;
    const auto said = read_ages("said.txt").arrivals;  // open, closed, open …
    std::vector<double> waits;
    for (std::size_t i = 2; i < said.size(); i += 2) {
      const auto first = std::upper_bound(joined.begin(), joined.end(), said[i]);
      if (first != joined.end()) waits.push_back((*first - said[i]) * 1e3);
    }
    if (waits.size() < 3) throw std::runtime_error("the gate hardly opened");
    return waits;
  }

  Figures run(const Scenario& scenario) const {
    auto figures = figures_in(run_host(scenario));
    const auto [ages, arrivals] = read_ages();
    figures.rate = static_cast<double>(ages.size() - 1) / (arrivals.back() - arrivals.front());
    figures.age_p50_ms = quantile(ages, 0.5);
    figures.age_p99_ms = quantile(ages, 0.99);
    return figures;
  }

 private:
  std::string run_host(const Scenario& scenario) const {
    const auto file = folder_ / "live.yaml";
    std::ofstream(file) << scenario.circuit;
    const auto ran =
        run_program({VCENGINE_BENCH_HOST, file.string(), "--plugins", VCENGINE_BENCH_TEST_PLUGINS,
                     "--for", std::to_string(seconds_) + "s", "--quiet", "--json"});
    ran.expect_success(scenario.name);
    return ran.output;
  }

  static Figures figures_in(const std::string& text) {
    Figures figures;
    const auto result = parse_json(text);
    const auto& report = object_of(result, "report");
    for (const auto& entry : array_of(report, "blocks")) {
      figures.busy += integer_of(object_of(entry, "block"), "busy");
    }
    for (const auto& entry : array_of(report, "wires")) {
      const auto& dropped = object_of(member(object_of(entry, "wire"), "dropped"), "dropped");
      if (const auto* count = dropped.if_contains("unmatched")) {
        figures.unmatched += to_integer(*count).value_or(0);
      }
    }
    return figures;
  }

  struct Arrived {
    std::vector<double> ages, arrivals;  ///< ms, s
  };
  Arrived read_ages(const char* name = "ages.txt") const {
    std::ifstream file(folder_ / name);
    Arrived arrived;
    for (std::int64_t stamp = 0, age = 0, arrival = 0; file >> stamp >> age >> arrival;) {
      arrived.ages.push_back(static_cast<double>(age) * 1e-6);
      arrived.arrivals.push_back(static_cast<double>(arrival) * 1e-9);
    }
    if (arrived.ages.size() < 4) throw std::runtime_error("hardly a frame reached the sink");
    return arrived;
  }

  int seconds_;
  fs::path folder_;
};

void print(const Scenario& scenario, const Figures& figures) {
  const auto possible = std::min(30.0, 1e3 / scenario.bottleneck_ms);
  fmt::print(
      "{:<26} {:>6.2f}/s  {:>5.1f} % of {:>5.2f}/s   {:>6.1f} {:>6.1f} ms  limit {:>6.1f} ms"
      "   {:>4} unmatched  {:>5} busy\n",
      scenario.name, figures.rate, 100 * figures.rate / possible, possible, figures.age_p50_ms,
      figures.age_p99_ms, scenario.branch_ms + kPeriodMs, figures.unmatched, figures.busy);
}

/// Does the age grow? By tenths of the run.
void print_growth(const Scenario& scenario, const std::vector<double>& ages) {
  fmt::print("slow sink {:<14}", scenario.name);
  const auto tenth = ages.size() / 10;
  for (std::size_t i = 0; i < 10; ++i) {
    const auto begin = ages.begin() + static_cast<std::ptrdiff_t>(i * tenth);
    const std::vector<double> part(begin, begin + static_cast<std::ptrdiff_t>(tenth));
    fmt::print(" {:>5.1f}/{:>5.1f}", quantile(part, 0.5), quantile(part, 0.99));
  }
  fmt::print(" ms (p50/p99)\n");
}

}  // namespace
}  // namespace vcengine::bench

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  int seconds = 20;
  std::string only;
  CLI::App app(
      "Measures live circuits whose branches meet again: rate, age, frames without partner");
  app.add_option("--seconds", seconds, "How long each circuit runs")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  bool slow_sink = false;
  app.add_flag("--slow-sink", slow_sink,
               "Instead: the age at a sink that takes 100 ms, for each tenth of the run");
  app.add_option("--only", only, "The circuits whose name contains this");
  CLI11_PARSE(app, argc, argv);
  try {
    const Bench bench(seconds);
    if (slow_sink) {
      for (const auto& scenario : slow_sinks()) print_growth(scenario, bench.ages_of(scenario));
      return EXIT_SUCCESS;
    }
    fmt::print("{:<26} {:>8}  {:<21} {:>16}\n", "branches of a 30 Hz source", "joined",
               "of the slowest block", "age p50    p99");
    for (const auto& scenario : scenarios()) {
      if (scenario.name.find(only) == std::string::npos) continue;
      print(scenario, bench.run(scenario));
    }
    if (only.empty() || std::string("gate").find(only) != std::string::npos) {
      const auto waits = bench.waits_after_opening();
      fmt::print(
          "gate opens: first joined frame after {:.1f} ms (median of {}), {:.1f} ms (worst); "
          "the slower branch alone takes 50 ms, the next frame comes within 33.3\n",
          quantile(waits, 0.5), waits.size(), quantile(waits, 1));
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "live_bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
