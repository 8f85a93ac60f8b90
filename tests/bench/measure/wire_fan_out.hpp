#pragma once

#include <cstddef>
#include <vector>

namespace vcengine::bench {

/// Microseconds, one for each frame of 64 bytes.
struct FanOut {
  std::vector<double> first,
      last;  ///< from before it was filled until the first, the last reader had it
  std::vector<double> publish;  ///< what the producer spent on it, waking all who slept
};

/// A frame a millisecond for `readers` that sleep, wherever the scheduler puts them.
FanOut wire_fan_out(std::size_t readers, std::size_t count);

}  // namespace vcengine::bench
