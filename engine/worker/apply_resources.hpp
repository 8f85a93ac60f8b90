#pragma once

#include "engine/circuit/resources.hpp"
#include "engine/worker/memory_limit.hpp"

namespace vcengine {

/// Makes this process as the circuit file wants the block's to be. Threads that it starts later are
/// the same. `env` is left out: the process was started with it. Throws std::runtime_error with
/// what the system refuses, and the way out. [worker, before it has a second thread]
void apply_resources(const Resources& resources, MemoryLimit& memory);

}  // namespace vcengine
