#include "engine/run/poll_set.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>

namespace vcengine {

void PollSet::watch(int fd, short events, std::function<void()> handler) {
  fds_.push_back({.fd = fd, .events = events, .revents = 0});
  handlers_.push_back(std::move(handler));
}

void PollSet::wait(std::chrono::steady_clock::time_point until) {
  // Rounded up: a wait that ends a little early would come back at once, again and again.
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  const auto timeout = std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max());
  if (::poll(fds_.data(), fds_.size(), static_cast<int>(timeout)) < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "poll");
  }
  for (std::size_t i = 0; i < fds_.size(); ++i) {
    if (fds_[i].revents != 0) handlers_[i]();
  }
}

}  // namespace vcengine
