#include "tools/dev_loop/dev_loop.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "tools/dev_loop/build_errors.hpp"
#include "tools/dev_loop/test_results.hpp"

namespace vcengine {

using namespace std::chrono_literals;

namespace {

constexpr auto kQuiet = 80ms;  // editors need a few; a user does not notice

/// A host lets its blocks finish what is on the wires, and then kills what does not end.
constexpr auto kCircuitGrace = 12s;

FileDescriptor open_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set, number);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  FileDescriptor fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) throw std::system_error(errno, std::generic_category(), "signalfd");
  return fd;
}

std::string text_of_file(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

DevLoop::DevLoop(Project project, DevOptions options, Terminal& terminal)
    : project_(std::move(project)),
      options_(std::move(options)),
      terminal_(terminal),
      watch_(project_.folder),
      saves_(kQuiet),
      signals_(open_signals()) {}

int DevLoop::run() {
  if (!project_.why_no_circuit.empty()) terminal_.say(project_.why_no_circuit);
  if (terminal_.key_fd() >= 0) terminal_.say("keys: r builds now, t runs the tests, q quits");
  begin();
  while (!exit_status_) {
    wait_for_events();
    if (saves_.due(Clock::now())) begin();
  }
  if (circuit_) circuit_->ask_to_end();  // both end at the same time
  job_child_.reset();
  circuit_.reset();
  return *exit_status_;
}

void DevLoop::wait_for_events() {
  const auto fd_of = [](const std::unique_ptr<Child>& child) { return child ? child->fd() : -1; };
  std::array<pollfd, 6> events{{{signals_.get(), POLLIN, 0},
                                {watch_.fd(), POLLIN, 0},
                                {terminal_.key_fd(), POLLIN, 0},
                                {fd_of(job_child_), POLLIN, 0},
                                {job_child_ ? job_child_->output_fd() : -1, POLLIN, 0},
                                {fd_of(circuit_), POLLIN, 0}}};
  std::int64_t timeout = -1;
  if (const auto due = saves_.due_at()) {
    timeout = std::max<std::int64_t>(
        std::chrono::ceil<std::chrono::milliseconds>(*due - Clock::now()).count(), 0);
  }
  if (::poll(events.data(), events.size(), static_cast<int>(timeout)) < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "poll");
  }
  const auto happened = [&](std::size_t i) { return events[i].revents != 0; };
  signalfd_siginfo info{};
  while (happened(0) && ::read(signals_.get(), &info, sizeof info) == sizeof info) {
    on_signal(static_cast<int>(info.ssi_signo));
  }
  if (happened(1) && watch_.read()) saves_.event(Clock::now());
  if (happened(2)) {
    if (const auto key = terminal_.key()) on_key(*key);
  }
  if (happened(4)) job_child_->read_output();
  if (happened(3)) job_ended();
  if (happened(5)) circuit_ended();
}

void DevLoop::begin() {
  begin_again_ = job_child_ != nullptr;
  if (job_child_) return job_child_->ask_to_end();
  only_test_ = false;
  start(project_.is_configured() ? Job::build : Job::configure);
}

void DevLoop::start(Job job) {
  job_ = job;
  job_since_ = Clock::now();
  std::vector<std::string> argv{"env", "LC_ALL=C.UTF-8"};  // messages are read here
  auto program = job == Job::configure ? project_.configure_command()
                 : job == Job::build   ? project_.build_command()
                 : job == Job::reload  ? reload_command()
                                       : project_.test_command();
  argv.insert(argv.end(), program.begin(), program.end());
  if (job == Job::test) std::filesystem::remove(project_.test_results());
  job_child_ = std::make_unique<Child>(ChildCommand{.argv = std::move(argv)});
}

void DevLoop::job_ended() {
  const auto child = std::move(job_child_);
  const int status = child->wait();
  const auto job = std::exchange(job_, Job::none);
  if (begin_again_) return begin();
  if (options_.verbose) terminal_.say(child->output());
  const auto seconds = std::chrono::duration<double>(Clock::now() - job_since_).count();
  if (job == Job::test) return tests_ended(status);
  if (job == Job::reload) return reload_ended(status, child->output());
  if (status != 0) {
    if (!options_.verbose) terminal_.say(short_build_errors(child->output(), project_.folder));
    terminal_.say(job == Job::configure ? "CMake failed" : "the build failed");
    return job_failed();
  }
  if (job == Job::configure) return start(Job::build);
  terminal_.say(fmt::format("built in {:.1f} s", seconds));
  start(Job::test);
}

void DevLoop::job_failed() {
  if (circuit_ && !circuit_wanted_) terminal_.say("the circuit goes on as it was");
}

void DevLoop::tests_ended(int status) {
  try {
    const auto results = read_test_results(text_of_file(project_.test_results()));
    terminal_.say(to_string(results));
    if (!results.failed.empty()) return job_failed();
  } catch (const std::exception&) {
    terminal_.say(
        fmt::format("ctest ended with status {} and no results; --verbose shows more", status));
    return job_failed();
  }
  if (!only_test_) renew_circuit();
}

void DevLoop::renew_circuit() {
  if (project_.circuit.empty()) return;
  if (circuit_ && !circuit_wanted_) return start(Job::reload);
  restart_circuit();
}

std::vector<std::string> DevLoop::reload_command() const {
  return {options_.host.string(), "reload", "--circuit", std::to_string(circuit_->program())};
}

void DevLoop::reload_ended(int status, const std::string& said) {
  if (!said.empty()) terminal_.say(said.substr(0, said.find_last_not_of('\n') + 1));
  if (status != 0) restart_circuit();
}

void DevLoop::restart_circuit() {
  circuit_wanted_ = true;
  if (circuit_) return circuit_->ask_to_end();
  circuit_wanted_ = false;
  std::vector<std::string> argv{options_.host.string(), project_.circuit.string()};
  argv.insert(argv.end(), options_.run_arguments.begin(), options_.run_arguments.end());
  terminal_.say(fmt::format("{} runs", project_.circuit.filename().string()));
  circuit_ = std::make_unique<Child>(
      ChildCommand{.argv = std::move(argv), .captured = false, .grace = kCircuitGrace});
}

void DevLoop::circuit_ended() {
  const int status = circuit_->wait();
  circuit_.reset();
  if (circuit_wanted_) return restart_circuit();
  terminal_.say(
      fmt::format("the circuit ended with status {}; it runs again after the next save", status));
}

void DevLoop::on_key(char key) {
  if (key == 'q') exit_status_ = 0;
  if (key == 'r') begin();
  if (key == 't' && !job_child_) {
    only_test_ = true;
    start(Job::test);
  }
}

void DevLoop::on_signal(int number) { exit_status_ = 128 + number; }

}  // namespace vcengine
