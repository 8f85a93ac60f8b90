/// vcengine: the host.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <new>
#include <system_error>

#include "engine/circuit/diagnostic.hpp"
#include "engine/commands/commands.hpp"

namespace {

using namespace vcengine;

struct Execute {
  ExitStatus operator()(const RunCommand& command) const { return run(command); }
  ExitStatus operator()(const DebugCommand& command) const { return debug(command); }
  ExitStatus operator()(const CheckCommand& command) const { return check(command); }
  ExitStatus operator()(const InspectCommand& command) const { return inspect(command); }
  ExitStatus operator()(const RerunCommand& command) const { return rerun(command); }
  ExitStatus operator()(const ToolCommand& command) const { return run_tool(command); }
  ExitStatus operator()(const PrintCommand& command) const {
    (command.status == ExitStatus::success ? std::cout : std::cerr) << command.text;
    return command.status;
  }
};

/// In the place of one that is closed the next file would be opened, and what is printed would land
/// there.
void open_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
  }
}

/// What was printed is there once it is written: a full disk is no success.
ExitStatus with_output_written(ExitStatus status) {
  errno = 0;
  if (std::cout.flush() || status != ExitStatus::success) return status;
  throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                          "cannot write to stdout");
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_descriptors();
  try {
    const auto status = std::visit(Execute{}, parse_command_line(argc, argv));
    return static_cast<int>(with_output_written(status));
  } catch (const CircuitError& error) {
    std::cerr << error.what() << '\n';
    return static_cast<int>(ExitStatus::bad_circuit);
  } catch (const std::bad_alloc&) {
    std::cerr << "vcengine: out of memory\n";
    return static_cast<int>(ExitStatus::failure);
  } catch (const std::exception& error) {
    std::cerr << "vcengine: " << error.what() << '\n';
    return static_cast<int>(ExitStatus::failure);
  }
}
