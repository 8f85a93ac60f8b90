#include "running_program.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace vcengine::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = 2min;
constexpr auto kGrace = 20s;  // a circuit of 200 processes on a busy machine
constexpr auto kLook = 5ms;

std::string read_file(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  return text.str();
}

std::string proc(pid_t process, const char* file) {
  return "/proc/" + std::to_string(process) + "/" + file;
}

/// The second field after the name, which is in brackets and may hold anything.
pid_t parent_of(pid_t process) {
  const auto stat = read_file(proc(process, "stat"));
  const auto bracket = stat.rfind(')');
  if (bracket == std::string::npos || bracket + 4 > stat.size()) return 0;
  pid_t parent = 0;
  std::from_chars(stat.data() + bracket + 4, stat.data() + stat.size(), parent);
  return parent;
}

/// Of a line "Rss:   12 kB".
std::int64_t bytes_in(const std::string& line) {
  return std::stoll(line.substr(line.find(':') + 1)) * 1024;
}

std::chrono::nanoseconds cpu_time(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0ns;
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& argv)
    : output_(::memfd_create("output", MFD_CLOEXEC)) {
  if (!output_) throw std::system_error(errno, std::generic_category(), "memfd_create");
  std::vector<char*> arguments;
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, output_.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output_.get(), STDERR_FILENO);
  const auto error =
      ::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), argv.front());
}

RunningProgram::~RunningProgram() {
  if (has_ended()) return;
  ::kill(pid_, SIGTERM);
  for (const auto due = Clock::now() + kGrace; !has_ended();) {
    if (Clock::now() > due) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(kLook);
  }
}

bool RunningProgram::has_ended() {
  if (pid_ != 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = 0;
  return pid_ == 0;
}

void RunningProgram::wait_until(const std::function<bool()>& holds, const std::string& what) {
  for (const auto due = Clock::now() + kPatience; !holds();) {
    if (has_ended()) fail("it ended before there was " + what);
    if (Clock::now() > due) fail("for two minutes there was no " + what);
    std::this_thread::sleep_for(kLook);
  }
}

void RunningProgram::wait_for_end() {
  for (const auto due = Clock::now() + kPatience; !has_ended();) {
    if (Clock::now() > due) fail("it did not end within two minutes");
    std::this_thread::sleep_for(kLook);
  }
  if (status_ != 0) fail("it failed");
}

std::vector<pid_t> RunningProgram::processes() const {
  std::vector<pid_t> processes{pid_};
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    pid_t id = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (error == std::errc() && *end == '\0' && parent_of(id) == pid_) processes.push_back(id);
  }
  return processes;
}

std::vector<pid_t> RunningProgram::workers(const std::string& prefix) const {
  std::vector<pid_t> workers;
  for (const auto process : processes()) {
    const auto arguments = read_file(proc(process, "cmdline"));
    const auto title = arguments.substr(0, arguments.find('\0'));
    if (title.find("/" + prefix) != std::string::npos) workers.push_back(process);
  }
  return workers;
}

std::string RunningProgram::output() const {
  return read_file("/proc/self/fd/" + std::to_string(output_.get()));
}

void RunningProgram::fail(const std::string& why) const {
  throw std::runtime_error("a measured program: " + why + "\n" + output());
}

std::chrono::nanoseconds cpu_time(const std::vector<pid_t>& processes) {
  auto sum = 0ns;
  for (const auto process : processes) sum += cpu_time(process);
  return sum;
}

std::chrono::nanoseconds cpu_time_within(std::chrono::nanoseconds duration,
                                         const std::vector<pid_t>& processes) {
  const auto start = cpu_time(processes);
  std::this_thread::sleep_for(duration);
  return cpu_time(processes) - start;
}

std::int64_t pss_bytes(const std::vector<pid_t>& processes) {
  std::int64_t bytes = 0;
  for (const auto process : processes) {
    std::istringstream lines(read_file(proc(process, "smaps_rollup")));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("Pss:")) bytes += bytes_in(line);
    }
  }
  return bytes;
}

std::int64_t frames_written_bytes(pid_t process) {
  std::istringstream lines(read_file(proc(process, "smaps")));
  std::int64_t bytes = 0;
  bool counts = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("memfd:vcengine:frames") != std::string::npos) {
      counts = line.find(" rw-s ") != std::string::npos;
    } else if (counts && line.starts_with("Rss:")) {
      bytes += bytes_in(line);
      counts = false;
    }
  }
  return bytes;
}

}  // namespace vcengine::bench
