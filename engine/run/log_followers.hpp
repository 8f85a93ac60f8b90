/// Who asked for lines of the log, and how far each has read. [host]
#pragma once

#include <cstddef>
#include <vector>

#include "engine/control/control_server.hpp"
#include "engine/run/live_log.hpp"

namespace vcengine {

class LogFollowers {
 public:
  struct Wanted {
    LiveLog::Cursor from;
    bool follow = false;  ///< goes on with the lines that come later
  };

  void add(const ControlCall& call, Wanted wanted) { followers_.push_back({call, wanted}); }
  /// Sends each what it can take now. Without a log there is nothing to send.
  void serve(const LiveLog* log, ControlServer& server);

 private:
  struct Follower {
    ControlCall call;
    Wanted wanted;
  };
  std::vector<Follower> followers_;
};

}  // namespace vcengine
