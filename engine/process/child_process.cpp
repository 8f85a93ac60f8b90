#include "engine/process/child_process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>
#include <thread>

#include "engine/process/spawn.hpp"

namespace vcengine {

namespace {

using Clock = std::chrono::steady_clock;

/// One running child. Ends it if it is dropped before it was reaped.
class Child {
 public:
  Child(const ChildCommand& command, const ChildLimits& limits, ChildResult& result)
      : limits_(limits), result_(result), deadline_(Clock::now() + limits.timeout) {
    auto output = make_pipe(ChildCommand::kOutput + 1);
    auto errors = make_pipe(ChildCommand::kOutput + 1);
    pid_ = spawn(command.argv, std::array{Placement{errors.write.get(), STDOUT_FILENO},
                                          Placement{errors.write.get(), STDERR_FILENO},
                                          Placement{output.write.get(), ChildCommand::kOutput}});
    try {
      pidfd_ = open_pidfd(pid_);
    } catch (...) {
      kill_and_reap();
      throw;
    }
    output_ = std::move(output.read);
    errors_ = std::move(errors.read);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) kill_and_reap();
  }

  Clock::time_point deadline() const { return deadline_; }

  void watch(std::vector<pollfd>& polled) const {
    polled.push_back({pidfd_.get(), POLLIN, 0});
    polled.push_back({output_.get(), POLLIN, 0});  // poll() leaves out negative ones: closed
    polled.push_back({errors_.get(), POLLIN, 0});
  }

  /// Reads what is there; true once the child has ended and is reaped.
  bool step(bool ended) {
    read_output();
    read_errors();
    if (!ended) {
      if (Clock::now() >= deadline_) {
        result_.timed_out = true;
        deadline_ = Clock::time_point::max();
        kill_all();
      }
      return false;
    }
    kill_all();
    reap();
    return true;
  }

 private:
  /// The child by its id as well: it may have left its group.
  void kill_all() const {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
  }

  /// Calls keep(bytes) for all there is, closes at the end of the file.
  template <class Keep>
  static void drain(FileDescriptor& pipe, Keep keep) {
    std::array<char, 16384> buffer;
    while (pipe) {
      const auto count = ::read(pipe.get(), buffer.data(), buffer.size());
      if (count > 0) {
        if (!keep(std::string_view(buffer.data(), static_cast<std::size_t>(count)))) return;
      } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        pipe.reset();
      } else if (errno == EAGAIN) {
        return;
      }
    }
  }

  void read_output() {
    drain(output_, [this](std::string_view bytes) {
      result_.output.append(bytes.substr(0, limits_.output_bytes - result_.output.size()));
      if (result_.output.size() < limits_.output_bytes) return true;
      result_.too_much_output = true;
      kill_all();
      output_.reset();
      return false;
    });
  }

  /// A child that never stops printing must not keep us here: one round reads a bounded amount.
  void read_errors() {
    std::size_t rest = std::size_t{1} << 20;
    drain(errors_, [this, &rest](std::string_view bytes) {
      auto& kept = result_.errors;
      kept.append(bytes);
      if (kept.size() > limits_.error_bytes) kept.erase(0, kept.size() - limits_.error_bytes);
      rest -= std::min(rest, bytes.size());
      return rest > 0;
    });
  }

  void reap() {
    siginfo_t info{};
    int failed = 0;
    do {
      failed = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED);
    } while (failed != 0 && errno == EINTR);
    pid_ = 0;
    if (failed != 0) {
      result_.launch_error = "cannot be waited for: " + std::generic_category().message(errno);
    } else if (info.si_code == CLD_EXITED) {
      result_.exit_status = info.si_status;
    } else {
      result_.signal = info.si_status;
    }
  }

  void kill_and_reap() noexcept {
    kill_all();
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
  }

  const ChildLimits& limits_;
  ChildResult& result_;
  Clock::time_point deadline_;
  pid_t pid_ = 0;
  FileDescriptor pidfd_, output_, errors_;
};

/// Sleeps until a child ended, wrote something, or is over its time.
void wait_for_any(std::vector<pollfd>& polled, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  const auto timeout = std::clamp<std::int64_t>(left.count(), 0, 60'000);
  if (::poll(polled.data(), polled.size(), static_cast<int>(timeout)) < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "poll");
  }
}

}  // namespace

std::vector<ChildResult> run_children(std::span<const ChildCommand> commands,
                                      const ChildLimits& limits) {
  const std::size_t at_once =
      limits.at_once != 0 ? limits.at_once : std::max(1U, std::thread::hardware_concurrency());
  std::vector<ChildResult> results(commands.size());
  std::vector<std::unique_ptr<Child>> running;
  std::size_t next = 0;

  while (next < commands.size() || !running.empty()) {
    while (next < commands.size() && running.size() < at_once) {
      auto& result = results[next];
      try {
        running.push_back(std::make_unique<Child>(commands[next], limits, result));
      } catch (const std::system_error& error) {
        result.launch_error = error.what();
      }
      ++next;
    }
    if (running.empty()) continue;

    std::vector<pollfd> polled;
    auto deadline = Clock::time_point::max();
    for (const auto& child : running) {
      child->watch(polled);
      deadline = std::min(deadline, child->deadline());
    }
    wait_for_any(polled, deadline);
    for (std::size_t i = running.size(); i-- > 0;) {
      if (running[i]->step((polled[3 * i].revents & POLLIN) != 0)) {
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }
  return results;
}

}  // namespace vcengine
