#include "engine/process/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace vcengine {

namespace {

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

void check_call(bool succeeded, const char* what) { check(succeeded ? 0 : errno, what); }

class FileActions {
 public:
  explicit FileActions(std::span<const Placement> placed) {
    check(::posix_spawn_file_actions_init(&actions_), kName);
    check(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
          kName);
    int last = STDIN_FILENO;
    for (const auto& [from, to] : placed) {
      check(::posix_spawn_file_actions_adddup2(&actions_, from, to), kName);
      last = to;
    }
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, last + 1), kName);
  }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  static constexpr const char* kName = "posix_spawn_file_actions";
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  Attributes() {
    check(::posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

/// For execve(): ends with a null pointer; the strings stay where they are.
std::vector<char*> pointers_to(std::span<const std::string> texts) {
  std::vector<char*> pointers;
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!variables.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : variables) all.push_back(name + '=' + value);
  return all;
}

}  // namespace

Pipe make_pipe(int clear_of) {
  std::array<int, 2> ends{};
  check_call(::pipe2(ends.data(), O_CLOEXEC) == 0, "pipe2");
  Pipe pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
  pipe.write = duplicate(pipe.write.get(), clear_of);
  check_call(::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) == 0, "fcntl(F_SETFL)");
  return pipe;
}

FileDescriptor duplicate(int fd, int clear_of) {
  FileDescriptor copy(::fcntl(fd, F_DUPFD_CLOEXEC, clear_of));
  check_call(static_cast<bool>(copy), "fcntl(F_DUPFD_CLOEXEC)");
  return copy;
}

pid_t spawn(std::span<const std::string> argv, std::span<const Placement> placed) {
  return spawn(argv.front(), argv, placed, {});
}

pid_t spawn(const std::string& program, std::span<const std::string> argv,
            std::span<const Placement> placed,
            const std::map<std::string, std::string>& variables) {
  const FileActions actions(placed);
  const Attributes attributes;
  const auto environment = environment_with(variables);
  pid_t child = 0;
  check(::posix_spawn(&child, program.c_str(), actions.get(), attributes.get(),
                      pointers_to(argv).data(), pointers_to(environment).data()),
        "cannot start '" + program + "'");
  return child;
}

FileDescriptor open_pidfd(pid_t child) {
  FileDescriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  check_call(static_cast<bool>(pidfd), "pidfd_open");
  return pidfd;
}

}  // namespace vcengine
