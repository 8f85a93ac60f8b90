#pragma once

#include <cstddef>
#include <vector>

namespace vcengine::bench {

/// Nanoseconds that a producer spends on a frame of 64 bytes on a drop_oldest wire: loan, fill,
/// publish. Each value is the mean of a block of frames; the three wires take turns within one
/// process, so that block i of one was made within microseconds of block i of the others.
struct PublishCosts {
  std::vector<double> no_reader;
  std::vector<double> running;  ///< a reader that takes all it can get, spinning
  std::vector<double> stopped;  ///< a reader stopped in its sleep (SIGSTOP), a frame in its hand
};

/// Precondition: two cores.
PublishCosts wire_publish_costs(std::size_t blocks);

}  // namespace vcengine::bench
