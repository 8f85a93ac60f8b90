#pragma once

#include <string>

#include "processes.hpp"

namespace vcengine::bench {

/// iceoryx's RouDi, in a process of its own, with chunks for the frames of the benchmark. Ended by
/// its destructor, so that it removes its shared memory.
class IceoryxDaemon {
 public:
  /// Returns when it serves. Throws if it does not.
  IceoryxDaemon();
  IceoryxDaemon(const IceoryxDaemon&) = delete;
  IceoryxDaemon& operator=(const IceoryxDaemon&) = delete;
  ~IceoryxDaemon();

 private:
  Processes processes_;
};

/// Makes the calling process known to the daemon.
void join_iceoryx(const std::string& name);

}  // namespace vcengine::bench
