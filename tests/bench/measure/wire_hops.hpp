#pragma once

#include <cstddef>
#include <vector>

#include "questions.hpp"

namespace vcengine::bench {

/// Frames over one wire there and over another back; microseconds one way, see ping_pong.hpp.
std::vector<double> wire_hops(const HopQuestion& question, std::size_t count);

}  // namespace vcengine::bench
