/// Each question of the group `circuits` of `tools/dev bench` alone: circuits_bench --only chain.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include "circuit_steps.hpp"
#include "measure/program.hpp"

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  ProgramOptions options;
  CircuitOptions circuits;
  CLI::App app("Measures circuits beside what does the same without vcengine");
  add_options(app, options, circuit_groups());
  app.add_option("--video", circuits.video, "The video to work on")->envname("VIDEO");
  CLI11_PARSE(app, argc, argv);
  try {
    if (need_video(options.only) && circuits.video.empty()) {
      throw std::runtime_error("edges, cpu and heavy need a video: name one in --video or VIDEO");
    }
    if (!circuits.video.empty()) circuits.video = std::filesystem::absolute(circuits.video);
    Figures figures;
    run_rounds(circuit_steps(circuits), options, figures);
    show(figures, options);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "circuits_bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
