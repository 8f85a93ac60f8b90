#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <vector>

#include "engine/commands/commands.hpp"
#include "engine/commands/host_setup.hpp"

namespace vcengine {

ExitStatus run_tool(const ToolCommand& command) {
  const auto program = "vcengine-" + command.name;
  const auto beside = program_beside_host(program).string();
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const auto& argument : command.arguments)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(beside.c_str(), argv.data());
  if (errno == ENOENT) ::execvp(program.c_str(), argv.data());
  if (errno == ENOENT) {
    std::cerr << "vcengine: there is no circuit file '" << command.name << "' and no program '"
              << program << "'; `vcengine --help` lists what there is\n";
    return ExitStatus::bad_circuit;
  }
  throw std::system_error(errno, std::generic_category(), "cannot run " + program);
}

}  // namespace vcengine
