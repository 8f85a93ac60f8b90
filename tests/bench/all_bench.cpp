/// `tools/dev bench`: all measurements, each beside its limit and its peers. README.md says what
/// the figures mean.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>

#include "measure/program.hpp"

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  ProgramOptions options;
  CLI::App app("Measures the wires of vcengine beside their limits and peers");
  app.add_option("--rounds", options.rounds, "How often each thing is measured")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--only", options.only, "Groups to measure: limits, wire, peers, edges");
  app.add_option("--effort", options.effort.part, "Part of the usual number of frames");
  app.add_option("--json", options.json_file, "Write all figures to this file, too");
  CLI11_PARSE(app, argc, argv);
  try {
    Figures figures;
    run_rounds(wire_steps({}), options, figures);
    show(figures, options);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
