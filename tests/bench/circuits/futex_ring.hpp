#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
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

/// Where the processes of a ring, or the blocks of a chain, run.
enum class Placement {
  anywhere,    ///< the scheduler says
  in_turn,     ///< each on another core than the one before: a wake-up crosses to one that sleeps
  on_one_core  ///< none does: who was woken waits until its waker sleeps
};
/// The core of the i-th one, if it is not left to the scheduler.
std::optional<int> core_of(Placement placement, int i);

/// Processes in a ring, each of which sleeps in a futex of its own until the one before wakes it,
/// and wakes the next. Each `period` one turn of the ring begins (zero: at once). Microseconds a
/// hop, one value a turn.
std::vector<double> futex_ring_hops(int processes, std::size_t turns,
                                    std::chrono::nanoseconds period,
                                    Placement placement = Placement::anywhere,
                                    const Touched& touched = {});

}  // namespace vcengine::bench
