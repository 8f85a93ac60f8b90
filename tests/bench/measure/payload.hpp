/// What is written into each frame and read out of it, the same for the wire and its peers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "questions.hpp"

namespace vcengine::bench {

/// The stamp, and then nothing or all the rest.
inline void write_frame(std::byte* frame, std::uint64_t bytes, Touch touch, std::int64_t stamp) {
  const auto written = touch == Touch::all ? bytes : std::min<std::uint64_t>(bytes, 64);
  std::memset(frame, static_cast<int>(stamp & 0xff), written);
  std::memcpy(frame, &stamp, sizeof stamp);
}

/// The stamp, after a look at every word that was written.
inline std::int64_t read_frame(const std::byte* frame, std::uint64_t bytes, Touch touch) {
  const auto written = touch == Touch::all ? bytes : std::min<std::uint64_t>(bytes, 64);
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i + sizeof sum <= written; i += sizeof sum) {
    std::uint64_t word = 0;
    std::memcpy(&word, frame + i, sizeof word);
    sum += word;
  }
  asm volatile("" : : "r"(sum) : "memory");  // not optimised away
  std::int64_t stamp = 0;
  std::memcpy(&stamp, frame, sizeof stamp);
  return stamp;
}

}  // namespace vcengine::bench
