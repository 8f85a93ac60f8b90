/// Does a block need more the longer it runs?
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace vcengine {

/// What a process uses at one moment.
struct Usage {
  std::int64_t heap = 0;      ///< bytes from malloc that are not freed
  std::int64_t resident = 0;  ///< bytes of its own memory that it ever touched
  std::int64_t descriptors = 0;
  std::int64_t threads = 0;
};

/// The least of both, in each respect.
Usage least(const Usage& left, const Usage& right);

/// `usage` has the least that was used in each window of `frames` frames: what comes and goes does
/// not count. What grows in half of the windows, in one of the last two, and hardly ever shrinks
/// grows steadily: a cache that fills once has stopped by then, a container that doubles has not.
/// None, or "grows by 96 bytes a frame".
std::optional<std::string> growth_verdict(std::span<const Usage> usage, std::size_t frames);

}  // namespace vcengine
