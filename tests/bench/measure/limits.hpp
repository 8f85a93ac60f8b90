/// What no wire can be faster than on this machine.
#pragma once

#include <cstddef>
#include <vector>

#include "questions.hpp"

namespace vcengine::bench {

/// A cache line there and back between two spinning processes: microseconds one way.
std::vector<double> cache_line_hops(Pace pace, std::size_t count);

/// A bare futex wake: from before the wake to after the wait.
std::vector<double> futex_hops(Pace pace, std::size_t count);

/// Copying a frame within memory that is there already, in microseconds.
std::vector<double> copies(FrameSize size, std::size_t count);

/// The first touch of each page of fresh shared memory as large as the frame: microseconds a page.
std::vector<double> first_touches(FrameSize size, std::size_t count);

}  // namespace vcengine::bench
