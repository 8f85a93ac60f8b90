#pragma once

#include "steps.hpp"

namespace vcengine::bench {

/// iceoryx 2.0 with its daemon, which it starts. Throws if the daemon does not come up (another one
/// runs already, or /dev/shm is too small).
Peer iceoryx_peer();

}  // namespace vcengine::bench
