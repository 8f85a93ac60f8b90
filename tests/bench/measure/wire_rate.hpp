#pragma once

#include <cstddef>

#include "questions.hpp"
#include "wire/layout.hpp"

namespace vcengine::bench {

/// A writer that never pauses and a reader that takes all it can get, both spinning.
struct RateQuestion {
  wire::Policy policy = wire::Policy::wait;
  FrameSize size = k64B;
  Touch touch = Touch::line;
  std::uint32_t depth = 64;
};

struct Rate {
  double published = 0, taken = 0;  ///< frames a second
};

/// Over `count` published frames, after a tenth as many that do not count. Precondition: two cores.
Rate wire_rate(const RateQuestion& question, std::size_t count);

}  // namespace vcengine::bench
