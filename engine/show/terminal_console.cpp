#include "engine/show/terminal_console.hpp"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace vcengine {

namespace {

constexpr std::size_t kMostPending = 65536;

std::string from_block(std::string_view block, std::string_view line) {
  return "[" + std::string(block) + "] " + std::string(line);
}

bool is_ready(int fd, int timeout) {
  pollfd events{.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&events, 1, timeout) > 0;
}

}  // namespace

TerminalConsole::TerminalConsole(StatusMode mode, bool output_to_stderr)
    : status_(STDERR_FILENO, mode),
      quiet_(mode == StatusMode::quiet),
      separate_output_(!output_to_stderr && ::isatty(STDOUT_FILENO) == 0) {}

void TerminalConsole::block_output(std::string_view block, std::string_view line) {
  if (!separate_output_) return status_.print_above(from_block(block, line));
  pending_ += from_block(block, line);
  pending_ += '\n';
  write_pending(false);
}

void TerminalConsole::block_error(std::string_view block, std::string_view line) {
  if (quiet_ && !line.starts_with("error: ")) return;
  status_.print_above(from_block(block, line));
}

bool TerminalConsole::takes_output() {
  write_pending(false);
  return pending_.size() < kMostPending;
}

int TerminalConsole::output_fd() const { return STDOUT_FILENO; }

/// A pipe that is ready takes PIPE_BUF bytes without blocking.
void TerminalConsole::write_pending(bool wait) {
  std::size_t done = 0;
  while (done < pending_.size() && is_ready(STDOUT_FILENO, wait ? -1 : 0)) {
    const auto size = std::min<std::size_t>(pending_.size() - done, PIPE_BUF);
    const auto written = ::write(STDOUT_FILENO, pending_.data() + done, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      // Its reader is gone (`| head`): that is no reason to end the circuit. Nor is a full disk,
      // but the run is no success then.
      if (errno != EPIPE) output_error_ = errno;
      pending_.clear();
      return;
    }
    done += static_cast<std::size_t>(written);
  }
  pending_.erase(0, done);
}

void TerminalConsole::note(std::string_view text) {
  if (!quiet_) status_.print_above(text);
}

void TerminalConsole::error(std::string_view text) { status_.print_above(text); }

void TerminalConsole::show(const RunStats& stats) { status_.show(stats); }

void TerminalConsole::finish() {
  status_.finish();
  write_pending(true);
}

}  // namespace vcengine
