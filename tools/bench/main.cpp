/// `vcengine bench`: how fast wires are on this machine, beside what the hardware allows.
#include <CLI/CLI.hpp>
#include <cstdlib>

#include "tests/bench/measure/program.hpp"
#include "tools/common/tool_main.hpp"

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  ProgramOptions options;
  CLI::App app("Measures how fast wires are on this machine, beside what the hardware allows",
               "vcengine bench");
  add_options(app, options, {"limits", "wire"});
  app.footer(
      "Takes both cores that it uses for itself: what else runs is slowed down, and disturbs it.");
  CLI11_PARSE(app, argc, argv);
  return vcengine::tool_main("vcengine bench", [&] {
    Figures figures;
    figures.note("iceoryx_over_spin", "measured by `tools/dev bench` in a source tree only");
    run_rounds(wire_steps({}), options, figures);
    show(figures, options);
    return EXIT_SUCCESS;
  });
}
