#include <iostream>

#include "engine/commands/circuit_loader.hpp"
#include "engine/commands/commands.hpp"
#include "engine/commands/host_setup.hpp"
#include "engine/commands/plan_text.hpp"

namespace vcengine {

ExitStatus check(const CheckCommand& command) {
  const auto plan = CircuitLoader(command.circuit, command.settings, command.plugin_folders,
                                  {.offline = command.offline})
                        .load([](std::string_view lines) { std::cerr << lines; });
  std::cout << command.circuit.string() << ": " << plan.blocks.size() << " blocks, "
            << plan.wires.size() << " wires, no errors\n"
            << groups_text(plan);
  return ExitStatus::success;
}

}  // namespace vcengine
