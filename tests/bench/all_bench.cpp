/// `tools/dev bench`: all measurements, each beside its limit and its peers. README.md says what
/// the figures mean.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>

#include "edges_group.hpp"
#include "measure/program.hpp"
#include "peers/peers.hpp"

namespace vcengine::bench {
namespace {

/// What goes through the steps of the rounds measures wires; what measures circuits runs whole
/// programs for minutes, one after the other, in rounds of its own.
void run(const ProgramOptions& options, const EdgesOptions& edges) {
  Figures figures;
  JsonObject more;
  {
    const auto peers = options.wants("peers") ? find_peers(figures) : std::vector<Peer>();
    run_rounds(wire_steps(peers), options, figures);
  }
  if (options.wants("edges")) more["edges"] = measure_edges(edges, figures);
  show(figures, options, std::move(more));
}

}  // namespace
}  // namespace vcengine::bench

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  ProgramOptions options;
  EdgesOptions edges;
  CLI::App app("Measures vcengine beside its limits and its peers");
  add_options(app, options, {"limits", "wire", "peers", "edges"});
  app.add_option("--video", edges.video, "The video that edges works on")->envname("VIDEO");
  app.add_option("--starts", edges.starts, "How often edges measures the time to the first frame")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--max-others", edges.max_others,
                 "edges: make a round again if other programs took more than this of all cores, in "
                 "percent")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  edges.rounds = options.rounds;
  try {
    if (options.wants("edges") && edges.video.empty()) {
      throw std::runtime_error("edges needs a video: name one in --video or VIDEO");
    }
    run(options, edges);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "all_bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
