#include "engine/show/unblocking_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <string>

namespace vcengine {

namespace {

/// A burst of lines may fill the buffer of a reader that is merely busy.
constexpr int kPatienceMilliseconds = 50;

bool is_ready(int fd, int milliseconds) noexcept {
  pollfd poll_fd{fd, POLLOUT, 0};
  return ::poll(&poll_fd, 1, milliseconds) == 1 && (poll_fd.revents & POLLOUT) != 0;
}

}  // namespace

UnblockingOutput::UnblockingOutput(int fd) : fd_(fd) {
  if (::isatty(fd) == 0) return;
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  own_ = FileDescriptor(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

bool UnblockingOutput::write(std::string_view text) noexcept {
  const int fd = own_ ? own_.get() : fd_;
  while (!text.empty()) {
    // A pipe that poll() calls ready takes PIPE_BUF bytes without blocking.
    if (!is_ready(fd, stuck_ ? 0 : kPatienceMilliseconds)) {
      stuck_ = true;
      return false;
    }
    const std::size_t size = std::min<std::size_t>(text.size(), PIPE_BUF);
    const ssize_t written = ::write(fd, text.data(), size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {  // also EAGAIN: a terminal may be "ready" for one byte and refuse a line end
      stuck_ = true;
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  stuck_ = false;
  return true;
}

}  // namespace vcengine
