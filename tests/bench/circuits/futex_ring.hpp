#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace vcengine::bench {

/// Processes in a ring, each of which sleeps in a futex of its own until the one before wakes it,
/// and wakes the next. Wherever the scheduler puts them, as it does with workers. Each `period` one
/// turn of the ring begins (zero: at once). Microseconds a hop, one value a turn.
std::vector<double> futex_ring_hops(int processes, std::size_t turns,
                                    std::chrono::nanoseconds period);

}  // namespace vcengine::bench
