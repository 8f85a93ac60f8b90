/// Runs circuits/edges.yaml and the two programs without vcengine on one video, in turns, and
/// compares them. README.md says what the figures mean.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "edges_figures.hpp"
#include "engine/control/json.hpp"
#include "program_run.hpp"

namespace vcengine::bench {
namespace {

struct Options {
  std::string video;
  int rounds = 7;
  int starts = 10;
  double max_others = 100;  ///< percent of all cores
  std::string json_file;
};

double seconds(std::chrono::duration<double> time) { return time.count(); }

/// The videos that the windows would show go nowhere, whatever display there is: the programs
/// without vcengine show none either.
void prepare_environment(const std::string& video) {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) ::unsetenv(name);
  ::setenv("VIDEO", video.c_str(), 1);
}

ProgramRun run_successfully(const std::vector<std::string>& argv) {
  auto run = run_program(argv);
  run.expect_success(argv.front());
  return run;
}

Measured run_plain(const std::string& program, const std::string& video) {
  const auto run = run_successfully({program, video});
  const auto result = parse_json(run.output);
  const auto& figures = object_of(result, "result");
  return {.frames = integer_of(figures, "frames"),
          .running = member(figures, "seconds").to_number<double>(),
          .whole = seconds(run.whole),
          .cpu = seconds(run.cpu),
          .others = seconds(run.others)};
}

std::int64_t count_frames(const JsonObject& figures) {
  std::int64_t frames = -1;
  for (const auto& entry : array_of(figures, "blocks")) {
    const auto& block = object_of(entry, "block");
    if (!flag_of(block, "sink")) continue;
    const auto of_this = integer_of(block, "frames");
    if (frames >= 0 && frames != of_this) throw std::runtime_error("a sink missed frames");
    frames = of_this;
  }
  return frames;
}

Measured run_circuit() {
  const auto run = run_successfully(
      {VCENGINE_BENCH_HOST, VCENGINE_BENCH_CIRCUIT, "--fast", "--quiet", "--json"});
  const auto result = parse_json(run.output);
  const auto& figures = object_of(result, "result");
  return {.frames = count_frames(figures),
          .running = static_cast<double>(integer_of(figures, "running_ns")) * 1e-9,
          .whole = seconds(run.whole),
          .cpu = seconds(run.cpu),
          .others = seconds(run.others)};
}

Round run_round(const std::string& video) {
  const Round round{.one_thread = run_plain(VCENGINE_BENCH_ONE_THREAD, video),
                    .threads = run_plain(VCENGINE_BENCH_THREADS, video),
                    .circuit = run_circuit()};
  if (round.one_thread.frames != round.threads.frames ||
      round.one_thread.frames != round.circuit.frames) {
    throw std::runtime_error(
        fmt::format("the programs saw {}, {} and {} frames: there is nothing to compare",
                    round.one_thread.frames, round.threads.frames, round.circuit.frames));
  }
  return round;
}

ProgramRun run_one_frame(const char* circuit) {
  return run_successfully({VCENGINE_BENCH_HOST, circuit, "--fast", "--quiet", "--frames", "1"});
}

double time_to_first_frame() {
  const auto run = run_one_frame(VCENGINE_BENCH_PRINTED_CIRCUIT);
  if (!run.first_output) throw std::runtime_error("no frame was printed");
  return seconds(*run.first_output);
}

EdgesFigures measure(Options options) {
  options.video =
      std::filesystem::absolute(options.video);  // a circuit's paths start at its folder
  prepare_environment(options.video);
  EdgesFigures figures;
  figures.video = options.video;
  figures.cores = static_cast<int>(std::thread::hardware_concurrency());
  fmt::print(stderr, "warming up\n");
  run_round(options.video);  // also fills the catalog's cache
  while (figures.rounds.size() < static_cast<std::size_t>(options.rounds)) {
    fmt::print(stderr, "round {} of {}\n", figures.rounds.size() + 1, options.rounds);
    auto round = run_round(options.video);
    const auto others = disturbance(round, figures.cores) * 100;
    if (others <= options.max_others) {
      figures.rounds.push_back(round);
      continue;
    }
    fmt::print(stderr, "not counted: other programs took {:.0f} % of the cores\n", others);
    if (++figures.disturbed == 10 * options.rounds) throw std::runtime_error("it is too busy here");
  }
  if (options.starts > 0) {
    fmt::print(stderr, "{} starts\n", options.starts);
    time_to_first_frame();
  }
  for (int i = 0; i < options.starts; ++i) {
    figures.first_frame.push_back(time_to_first_frame());
    figures.one_frame.push_back(seconds(run_one_frame(VCENGINE_BENCH_CIRCUIT).whole));
  }
  return figures;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::endl;
  if (!file) throw std::runtime_error("cannot write '" + path + "'");
}

}  // namespace
}  // namespace vcengine::bench

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  Options options;
  CLI::App app(
      "Compares circuits/edges.yaml with programs that make the same calls without vcengine");
  app.add_option("--video", options.video, "The video to work on")->envname("VIDEO")->required();
  app.add_option("--rounds", options.rounds, "Runs of each program, after one that does not count")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--starts", options.starts, "How often to measure the time to the first frame")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option(
         "--max-others", options.max_others,
         "Make a round again if other programs took more than this of all cores, in percent")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  app.add_option("--json", options.json_file, "Write all figures to this file, too")
      ->type_name("FILE");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto figures = measure(options);
    fmt::print("{}", table(figures));
    if (!options.json_file.empty()) write_file(options.json_file, json(figures));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "edges_bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
