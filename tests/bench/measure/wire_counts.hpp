/// What a frame costs that no clock is needed for: system calls, allocations and page faults,
/// counted on both sides of a wire after a warm-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vcengine::bench {

enum class Busy {
  spinning,     ///< `wait`, and neither side ever sleeps
  overrun,      ///< `drop_oldest`, sleeping if it must; the reader always finds a frame
  back_pressed  ///< `wait`, sleeping if it must, and the reader is the slower one
};

/// Of both sides together, for each frame that is taken.
struct BusyCounts {
  std::optional<double> system_calls;  ///< none where a process may not be traced
  std::optional<double> allocations;   ///< none there, or under a sanitizer
};
BusyCounts wire_busy_counts(Busy busy, std::size_t frames);
/// The least of a few tries. A side that another program keeps off its core lets the wire run dry
/// for a while, and then the other side sleeps as it should: such calls are not the wire's.
BusyCounts least_busy_counts(Busy busy, std::size_t frames);

enum class Holding {
  even,    ///< the reader lets go of each frame before it takes the next
  uneven,  ///< after the warm-up it keeps three while it takes the next
};

/// Page faults over so many frames of 1080p, written and read in full, after some that warm up.
struct Faults {
  std::int64_t writer = 0, reader = 0;
};
Faults wire_faults(Holding holding, std::size_t warm_up, std::size_t frames);

}  // namespace vcengine::bench
