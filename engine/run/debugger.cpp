#include "engine/run/debugger.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "engine/process/spawn.hpp"

namespace vcengine {

namespace {

/// A file without a name, for `gdb -x /dev/fd/N`: open in gdb as well.
FileDescriptor script_file(std::string_view text) {
  FileDescriptor file(::memfd_create("vcengine:gdb", 0));
  if (!file || !write_all(file.get(), text)) {
    throw std::system_error(errno, std::generic_category(), "memfd_create");
  }
  return file;
}

/// By name gdb stops behind the function's prologue, where arguments have their values: at the
/// first line of the body. Unless optimisation put something inlined there, when the author would
/// land in a header: then at the next address that is of a line of his own. (Not at a line by its
/// number: its first address may be that of an unlikely branch, which lies elsewhere.) Quoted as
/// one word: a name may be `(anonymous namespace)::Scale<unsigned int>`. Whatever gdb does not
/// know, the script behind this makes up for.
std::string break_command(const DebugTarget& target) {
  return fmt::format(R"py(python import gdb
def function_at(pc):
  block, function = gdb.block_for_pc(pc), None
  while block and not block.is_static:
    function = block.function or function
    block = block.superblock
  return function
try:
  gdb.execute('with breakpoint pending off -- break -qualified -function "{}::process()"', to_string=True)
  point = gdb.breakpoints()[-1]
  place = point.locations[0].address
  function = function_at(place)
  own = function.symtab
  if gdb.find_pc_line(place).symtab.filename != own.filename:
    later = sorted(entry.pc for entry in own.linetable() if entry.pc > place and entry.line > function.line)
    if later and str(function_at(later[0])) == str(function):
      point.delete()
      gdb.execute('break *%#x' % later[0], to_string=True)
except Exception:
  pass
)py",
                     target.class_name);
}

/// Each -ex runs whether or not the one before failed, a script ends at its first error.
std::vector<std::string> arguments(const DebugTarget& target, const FileDescriptor& fallback,
                                   const std::vector<std::string>& commands) {
  std::vector<std::string> argv = {"gdb", "-q"};
  const auto add = [&argv](std::string command) {
    argv.emplace_back("-ex");
    argv.push_back(std::move(command));
  };
  add("set confirm off");
  add("set print thread-events off");
  // Where the worker waits for gdb is nobody's business. What goes wrong is said all the same.
  add(fmt::format("pipe attach {} | cat >/dev/null", target.worker));
  add(break_command(target));
  argv.emplace_back("-x");
  argv.push_back(fmt::format("/dev/fd/{}", fallback.get()));
  for (const auto& command : commands) add(command);
  add("continue");
  return argv;
}

/// Forked and not spawned: it must not outlive the host, and only the child itself can say so.
pid_t fork_gdb(const std::string& program, const std::vector<std::string>& argv) {
  std::vector<char*> pointers;
  for (const auto& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const auto host = ::getpid();
  const auto child = ::fork();
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != host) ::_exit(1);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::execv(program.c_str(), pointers.data());
  ::_exit(127);
}

}  // namespace

Debugger::Debugger(std::string gdb, std::size_t block, std::vector<std::string> commands)
    : gdb_(std::move(gdb)), block_(block), commands_(std::move(commands)) {}

void Debugger::start(const DebugTarget& target) {
  // Debian's gdb-minimal has no Python.
  const auto fallback =
      script_file(fmt::format("if $_isvoid($bpnum)\n  break *{:#x}\nend\n", target.process));
  pid_ = fork_gdb(gdb_, arguments(target, fallback, commands_));
  if (pid_ < 0) {
    pid_ = 0;
    throw std::system_error(errno, std::generic_category(), "cannot start '" + gdb_ + "'");
  }
  pidfd_ = open_pidfd(pid_);
}

void Debugger::ask_to_end() noexcept {
  if (running()) ::kill(pid_, SIGTERM);
}

void Debugger::kill() noexcept {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  reap();
}

void Debugger::reap() noexcept {
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  pidfd_.reset();
}

}  // namespace vcengine
