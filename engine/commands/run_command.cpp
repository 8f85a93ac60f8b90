#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <system_error>

#include "engine/commands/commands.hpp"
#include "engine/commands/host_setup.hpp"
#include "engine/control/report_json.hpp"
#include "engine/show/report.hpp"
#include "engine/show/terminal_console.hpp"

namespace vcengine {

ExitStatus run(const RunCommand& command) {
  const auto plan = load_circuit(command.circuit, command.settings, command.plugin_folders,
                                 [&](std::string_view lines) {
                                   if (!command.quiet) std::cerr << lines;
                                 });
  WorkerLauncher launcher(helper_program("vcengine-worker"));
  TerminalConsole console(choose_status_mode(STDERR_FILENO, command.quiet), command.json);
  Supervisor supervisor(plan, command.options, launcher,
                        symbolizer(helper_program("vcengine-symbolize")), console);
  const auto status = supervisor.run();
  console.finish();

  const auto stats = supervisor.stats();
  if (!command.quiet && stats.running.count() > 0)
    std::cerr << report(stats, glyphs_of_environment());
  if (command.json) std::cout << report_json(stats) << '\n';
  if (status == ExitStatus::success && console.output_error() != 0) {
    throw std::system_error(console.output_error(), std::generic_category(),
                            "cannot write to stdout what blocks print");
  }
  return status;
}

}  // namespace vcengine
