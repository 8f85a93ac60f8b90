#include "tests/processes/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace vcengine::test {

using Clock = std::chrono::steady_clock;

namespace {

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  FileDescriptor read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::vector<std::string> changed_environment(const Command& command) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const auto& [name, value] : command.environment) {
    if (value) {
      all[name] = *value;
    } else {
      all.erase(name);
    }
  }
  std::vector<std::string> entries;
  for (const auto& [name, value] : all) entries.push_back(name + '=' + value);
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// False at the end of the pipe.
bool read_into(const FileDescriptor& pipe, std::string& text) {
  std::array<char, 65536> buffer;
  for (;;) {
    const auto size = ::read(pipe.get(), buffer.data(), buffer.size());
    if (size > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(size));
    } else {
      return size < 0 && (errno == EAGAIN || errno == EINTR);
    }
  }
}

}  // namespace

Process::Process(const Command& command) {
  auto output = make_pipe();
  auto errors = make_pipe();
  posix_spawn_file_actions_t actions;
  check(::posix_spawn_file_actions_init(&actions), "posix_spawn_file_actions_init");
  if (command.standard_input >= 0) {
    ::posix_spawn_file_actions_adddup2(&actions, command.standard_input, STDIN_FILENO);
  } else {
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  const int standard_output =
      command.standard_output >= 0 ? command.standard_output : output.write.get();
  ::posix_spawn_file_actions_adddup2(&actions, standard_output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, errors.write.get(), STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  if (!command.folder.empty()) {
    ::posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
  }
  auto argv = command.argv;
  auto environment = changed_environment(command);
  const int error = ::posix_spawnp(&pid_, argv.at(0).c_str(), &actions, nullptr,
                                   pointers(argv).data(), pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  check(error, argv[0].c_str());
  pidfd_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  output_pipe_ = std::move(output.read);
  errors_pipe_ = std::move(errors.read);
}

Process::~Process() {
  if (status_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

/// Reads what is there, or comes, within `patience`. True once the program has ended (and is
/// reaped) and all that it wrote is read; what its children write later is not waited for.
bool Process::read_some(std::chrono::milliseconds patience) {
  std::array<pollfd, 3> events{{{pidfd_.get(), POLLIN, 0},
                                {output_pipe_.get(), POLLIN, 0},
                                {errors_pipe_.get(), POLLIN, 0}}};
  if (status_) return true;
  ::poll(events.data(), events.size(), static_cast<int>(patience.count()));
  const bool ended = (events[0].revents & POLLIN) != 0;
  if (output_pipe_ && !read_into(output_pipe_, output_)) output_pipe_.reset();
  if (errors_pipe_ && !read_into(errors_pipe_, errors_)) errors_pipe_.reset();
  if (!ended) return false;
  int how = 0;
  ::waitpid(pid_, &how, 0);
  status_ = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
  return true;
}

void Process::give_up(std::string_view what) const {
  throw std::runtime_error("waited in vain for " + std::string(what) +
                           (status_ ? "; it ended with status " + std::to_string(*status_) : "") +
                           "; stdout:\n" + output_ + "\nstderr:\n" + errors_);
}

void Process::wait_until(const std::function<bool()>& condition, std::string_view what) {
  const auto barks = Clock::now() + kWatchdog;
  while (!condition()) {
    const bool ended = read_some(std::chrono::milliseconds(1));
    if (ended && condition()) return;
    if (ended || Clock::now() > barks) give_up(what);
  }
}

void Process::wait_for_output(std::string_view part) {
  wait_until([&] { return output_.find(part) != std::string::npos; },
             "'" + std::string(part) + "' on stdout");
}

void Process::wait_for_errors(std::string_view part) {
  wait_until([&] { return errors_.find(part) != std::string::npos; },
             "'" + std::string(part) + "' on stderr");
}

int Process::wait(std::chrono::seconds watchdog) {
  const auto barks = Clock::now() + watchdog;
  while (!read_some(std::chrono::milliseconds(100))) {
    if (Clock::now() > barks) give_up("its end");
  }
  return *status_;
}

Result run(const Command& command) {
  Process process(command);
  const int status = process.wait();
  return {status, process.output(), process.errors()};
}

bool eventually(const std::function<bool()>& condition) {
  const auto barks = Clock::now() + kWatchdog;
  while (!condition()) {
    if (Clock::now() > barks) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace vcengine::test
