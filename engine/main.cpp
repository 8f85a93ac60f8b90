/// vcengine: the host.
#include <iostream>

#include "engine/commands.hpp"
#include "engine/diagnostic.hpp"

namespace {

using namespace vcengine;

struct Execute {
  ExitStatus operator()(const RunCommand& command) const { return run(command); }
  ExitStatus operator()(const CheckCommand& command) const { return check(command); }
  ExitStatus operator()(const InspectCommand& command) const { return inspect(command); }
  ExitStatus operator()(const ToolCommand& command) const { return run_tool(command); }
  ExitStatus operator()(const PrintCommand& command) const {
    (command.status == ExitStatus::success ? std::cout : std::cerr) << command.text;
    return command.status;
  }
};

}  // namespace

int main(int argc, char** argv) {
  try {
    return static_cast<int>(std::visit(Execute{}, parse_command_line(argc, argv)));
  } catch (const CircuitError& error) {
    std::cerr << error.what() << '\n';
    return static_cast<int>(ExitStatus::bad_circuit);
  } catch (const std::exception& error) {
    std::cerr << "vcengine: " << error.what() << '\n';
    return static_cast<int>(ExitStatus::failure);
  }
}
