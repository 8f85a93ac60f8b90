#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "engine/catalog/user_folders.hpp"
#include "engine/circuit/diagnostic.hpp"
#include "engine/circuit/environment.hpp"
#include "engine/commands/circuit_loader.hpp"
#include "engine/commands/commands.hpp"
#include "engine/commands/host_setup.hpp"
#include "engine/control/control_protocol.hpp"
#include "engine/control/control_server.hpp"
#include "engine/control/nearest_word.hpp"
#include "engine/control/program_path.hpp"
#include "engine/control/report_json.hpp"
#include "engine/process/process_launcher.hpp"
#include "engine/run/debugger.hpp"
#include "engine/run/live_log.hpp"
#include "engine/run/logged_console.hpp"
#include "engine/run/supervisor.hpp"
#include "engine/show/report.hpp"
#include "engine/show/terminal_console.hpp"
#include "engine/version.hpp"

namespace vcengine {

namespace {

Plan load(CircuitLoader& loader, const RunCommand& command) {
  return loader.load([&](std::string_view lines) {
    if (!command.quiet) std::cerr << lines;
  });
}

/// None, and a note, where there is no place for a socket: the circuit runs all the same.
std::unique_ptr<ControlServer> open_control(const Plan& plan, RunConsole& console) {
  try {
    return std::make_unique<ControlServer>(control_folder(), plan.name,
                                           JsonObject{{"vcengine", kVersion},
                                                      {"protocol", kControlProtocol},
                                                      {"circuit", plan.name},
                                                      {"pid", ::getpid()}});
  } catch (const std::runtime_error& error) {
    console.note(std::string("cannot be controlled while it runs: ") + error.what());
    return nullptr;
  }
}

std::filesystem::path capsule_folder(const RunCommand& command, const Debugger* debugger) {
  if (debugger != nullptr) return {};  // whoever sees the block die needs no capsule of it
  if (command.capsules) {
    if (command.capsules->empty() || *command.capsules == "none") return {};
    return std::filesystem::absolute(*command.capsules);
  }
  const auto folder = user_state_folder(process_environment());
  return folder ? *folder / "capsules" : std::filesystem::path();
}

ExitStatus run(const RunCommand& command, CircuitLoader& loader, const Plan& plan,
               Debugger* debugger) {
  WorkerLauncher launcher(helper_program("vcengine-worker"));
  TerminalConsole terminal(choose_status_mode(STDERR_FILENO, command.quiet), command.json);
  LiveLog log;
  LoggedConsole console(terminal, log);
  auto options = command.options;
  options.set_up_time = milliseconds_from(process_environment(), "VCENGINE_SET_UP_TIMEOUT_MS")
                            .value_or(options.set_up_time);
  options.capsules = capsule_folder(command, debugger);
  options.capsule_wait = milliseconds_from(process_environment(), "VCENGINE_CAPSULE_WAIT_MS")
                             .value_or(options.capsule_wait);
  const auto control = open_control(plan, console);
  Supervisor supervisor(plan, options, launcher, symbolizer(helper_program("vcengine-symbolize")),
                        console, debugger);
  if (control) supervisor.serve(*control);
  supervisor.use(loader);
  supervisor.use(log);
  const auto status = supervisor.run();
  terminal.finish();

  const auto stats = supervisor.stats();
  if (!command.quiet && stats.running.count() > 0)
    std::cerr << report(stats, glyphs_of_environment());
  if (command.json) std::cout << report_json(stats) << '\n';
  if (status == ExitStatus::success && terminal.output_error() != 0) {
    throw std::system_error(terminal.output_error(), std::generic_category(),
                            "cannot write to stdout what blocks print");
  }
  return status;
}

std::size_t find_block(const Plan& plan, const std::string& name) {
  const auto found = std::ranges::find(plan.blocks, name, &PlannedBlock::name);
  if (found != plan.blocks.end()) return static_cast<std::size_t>(found - plan.blocks.begin());
  std::vector<std::string> names;
  for (const auto& block : plan.blocks) names.push_back(block.name);
  auto hint = did_you_mean(name, names);
  if (hint.empty()) hint = "; it has " + join(names);
  throw CircuitError(Diagnostic{.file = plan.file,
                                .place = {},
                                .message = "no block " + in_quotes(name) + hint,
                                .line_text = {}});
}

}  // namespace

ExitStatus run(const RunCommand& command) {
  CircuitLoader loader(command.circuit, command.settings, command.plugin_folders,
                       {.offline = command.options.offline});
  return run(command, loader, load(loader, command), nullptr);
}

ExitStatus debug(const DebugCommand& command) {
  const auto gdb = find_program("gdb");
  if (!gdb) {
    std::cerr << "vcengine: no gdb on PATH; install the Debian package gdb\n";
    return ExitStatus::failure;
  }
  CircuitLoader loader(command.run.circuit, command.run.settings, command.run.plugin_folders,
                       {.offline = command.run.options.offline});
  const auto plan = load(loader, command.run);
  Debugger debugger(gdb->string(), find_block(plan, command.block), command.commands);
  return run(command.run, loader, plan, &debugger);
}

}  // namespace vcengine
