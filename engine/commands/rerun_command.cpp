#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "engine/capsule/capsule.hpp"
#include "engine/commands/commands.hpp"
#include "engine/commands/host_setup.hpp"
#include "engine/control/program_path.hpp"
#include "engine/run/rerun.hpp"
#include "engine/show/terminal_console.hpp"
#include "engine/show/terminal_text.hpp"

namespace vcengine {

namespace {

namespace fs = std::filesystem;

std::string program(const char* name) {
  const auto found = find_program(name);
  if (!found) {
    throw std::runtime_error(std::string("no ") + name + " on PATH; install the Debian package " +
                             name);
  }
  return found->string();
}

/// With the environment that the block had beside that of its host.
void become(const Capsule& capsule, const std::vector<std::string>& argv) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
  for (const auto& [name, value] : capsule.env) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> pointers;
  for (const auto& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  ::execv(pointers.front(), pointers.data());
}

[[noreturn]] void become_gdb(const Capsule& capsule, const RerunCommand& command) {
  std::vector<std::string> argv = {program("gdb"), "-q", "-ex", "set breakpoint pending on"};
  for (const auto& text : command.commands) argv.insert(argv.end(), {"-ex", text});
  argv.insert(argv.end(), {"-ex", "run", "--args", helper_program("vcengine-worker").string(),
                           "--rerun", fs::absolute(command.capsule).string()});
  become(capsule, argv);
  throw std::system_error(errno, std::generic_category(), "cannot start gdb");
}

/// Waits for it: of a crash its status would be that of the signal.
ExitStatus run_valgrind(const Capsule& capsule, const RerunCommand& command) {
  const std::vector<std::string> argv = {program("valgrind"),
                                         "--error-exitcode=3",
                                         "--track-origins=yes",
                                         "--num-callers=30",
                                         helper_program("vcengine-worker").string(),
                                         "--check",
                                         fs::absolute(command.capsule).string()};
  const auto parent = ::getpid();
  const auto child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it does not outlive this process
    if (::getppid() != parent) ::_exit(1);
    become(capsule, argv);
    ::_exit(127);
  }
  ::signal(SIGINT, SIG_IGN);  // the child's to end
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) return ExitStatus::interrupted;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return ExitStatus::success;
  return ExitStatus::block_gave_up;
}

std::string story(const Capsule& capsule) {
  return "block " + capsule.block + " (" + capsule.type + ") of circuit " + capsule.circuit +
         ", with frame " + std::to_string(capsule.death.frame) +
         ", as it died: " + capsule.death.text;
}

}  // namespace

ExitStatus rerun(const RerunCommand& command) {
  try {
    const auto capsule = read_capsule(command.capsule);
    TerminalConsole console(StatusMode::plain, false);
    console.note(one_terminal_line(story(capsule)));
    if (command.gdb) become_gdb(capsule, command);
    if (command.valgrind) return run_valgrind(capsule, command);
    WorkerLauncher launcher(helper_program("vcengine-worker"));
    Rerun run(capsule, launcher, console);
    const auto outcome = run.run(symbolizer(helper_program("vcengine-symbolize")));
    console.finish();
    switch (outcome) {
      case Rerun::Outcome::returned:
        return ExitStatus::success;
      case Rerun::Outcome::faulted:
        return ExitStatus::block_gave_up;
      case Rerun::Outcome::not_started:
        break;
    }
    return ExitStatus::failure;
  } catch (const CapsuleError& error) {
    std::cerr << "vcengine: " << error.what() << '\n';
    return ExitStatus::bad_circuit;
  }
}

}  // namespace vcengine
