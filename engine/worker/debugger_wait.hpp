#pragma once

#include "engine/control/channel.hpp"
#include "vcengine/block.hpp"

namespace vcengine {

/// Tells the host that a debugger may come, and where the block's process() is; returns when one
/// has attached. False if the host is gone. [worker]
bool wait_for_debugger(const Channel& host, const Block& block);

}  // namespace vcengine
