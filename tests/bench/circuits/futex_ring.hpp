#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace vcengine::bench {

/// Cache lines of 64 bytes, spread evenly over pages.
struct Lines {
  std::size_t lines = 0, pages = 0;
};

/// What each process of a ring reads between its own wake-up and that of the next.
struct Touched {
  Lines shared;  ///< the same memory in all of them, as a program's code is
  Lines own;     ///< a copy of each process, as its stack and its heap are
  /// The address of each line is in the one before, so that none is fetched ahead. Otherwise the
  /// processor may fetch as many at a time as it can.
  bool in_turn = false;
};

/// Processes in a ring, each of which sleeps in a futex of its own until the one before wakes it,
/// and wakes the next. Wherever the scheduler puts them, as it does with workers. Each `period` one
/// turn of the ring begins (zero: at once). Microseconds a hop, one value a turn.
std::vector<double> futex_ring_hops(int processes, std::size_t turns,
                                    std::chrono::nanoseconds period, const Touched& touched = {});

}  // namespace vcengine::bench
