/// What a thread waits for, and what it does when that comes.
#pragma once

#include <poll.h>

#include <chrono>
#include <functional>
#include <vector>

namespace vcengine {

class PollSet {
 public:
  void watch(int fd, short events, std::function<void()> handler);
  /// Waits until one of them is ready, or until then; calls the handlers of all that are, in the
  /// order in which they were added. Throws std::system_error, and what they throw.
  void wait(std::chrono::steady_clock::time_point until);

 private:
  std::vector<pollfd> fds_;
  std::vector<std::function<void()>> handlers_;
};

}  // namespace vcengine
