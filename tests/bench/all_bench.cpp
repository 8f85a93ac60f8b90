/// `tools/dev bench`: all measurements, each beside its limit and its peers. README.md says what
/// the figures mean.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "circuits/circuit_steps.hpp"
#include "edges_group.hpp"
#include "measure/program.hpp"
#include "measure/saved_run.hpp"
#include "peers/peers.hpp"

namespace vcengine::bench {
namespace {

constexpr const char* kCircuits = "circuits";

/// Wires, and then circuits: once a round, but for edges_bench, which has rounds of its own.
std::vector<Step> all_steps(const std::vector<Peer>& peers, const std::string& video) {
  auto steps = wire_steps(peers);
  for (auto& step : circuit_steps({.video = video})) {
    step.group = kCircuits;
    steps.push_back(std::move(step));
  }
  return steps;
}

void run(const ProgramOptions& options, const EdgesOptions& edges) {
  Figures figures;
  JsonObject more;
  {
    const auto peers = options.wants("peers") ? find_peers(figures) : std::vector<Peer>();
    run_rounds(all_steps(peers, edges.video), options, figures);
  }
  if (options.wants("edges")) more["edges"] = measure_edges(edges, figures);
  show(figures, options, this_machine(), std::move(more));
}

/// Nothing is measured; groups are told apart as far as wires and circuits are.
void show_saved(const std::string& file, ProgramOptions options) {
  const bool wires = options.wants("limits") || options.wants("wire") || options.wants("peers");
  const bool circuits = options.wants("edges") || options.wants("circuits");
  const auto saved = read_saved_run(
      file, wires && circuits ? About::everything : (wires ? About::wires : About::circuits));
  options.rounds = static_cast<int>(saved.rounds);
  show(saved.figures, options, saved.machine);
}

}  // namespace
}  // namespace vcengine::bench

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  ProgramOptions options;
  EdgesOptions edges;
  CLI::App app("Measures vcengine beside its limits and its peers");
  add_options(app, options, {"limits", "wire", "peers", "edges", "circuits"});
  app.add_option("--video", edges.video, "The video that edges and circuits work on")
      ->envname("VIDEO");
  app.add_option("--starts", edges.starts, "How often edges measures the time to the first frame")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--max-others", edges.max_others,
                 "edges: make a round again if other programs took more than this of all cores, in "
                 "percent")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  std::string saved;
  app.add_option(
         "--from", saved,
         "Measure nothing: show, or draw, what --json wrote to this file; --only limits,wire "
         "or circuits shows a part")
      ->type_name("FILE")
      ->excludes("--json");
  CLI11_PARSE(app, argc, argv);
  edges.rounds = options.rounds;
  try {
    if (!saved.empty()) {
      show_saved(saved, options);
      return EXIT_SUCCESS;
    }
    if ((options.wants("edges") || options.wants("circuits")) && edges.video.empty()) {
      throw std::runtime_error("edges and circuits need a video: name one in --video or VIDEO");
    }
    if (!edges.video.empty()) edges.video = std::filesystem::absolute(edges.video);
    run(options, edges);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "all_bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
