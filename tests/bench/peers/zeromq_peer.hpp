#pragma once

#include "steps.hpp"

namespace vcengine::bench {

/// ZeroMQ over ipc (a Unix socket): it copies each frame, and always sleeps.
Peer zeromq_peer();

}  // namespace vcengine::bench
