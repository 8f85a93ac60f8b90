/// Counts the system calls of traced processes between two marks, exactly: each stops at the
/// kernel's door and is let in by its tracer.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "processes.hpp"

namespace vcengine::bench {

/// Makes itself known to the tracer, before and after what is counted. [traced process]
void mark();

/// Traces the processes, calls `go`, and waits until all have ended; what each called between its
/// first and its second mark. None if this system does not let us trace.
std::optional<std::map<pid_t, std::uint64_t>> count_system_calls(Processes& processes,
                                                                 const std::function<void()>& go);

}  // namespace vcengine::bench
