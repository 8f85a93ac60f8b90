/// All that a block sent in one process, to be compared with what it sent in another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vcengine/frame.hpp"

namespace vcengine {

struct RecordedFrame {
  std::string output;
  FrameType type;
  std::array<std::uint32_t, 2> shape{};
  std::int64_t stamp = 0;
  std::string payload;
};

struct Recording {
  std::vector<RecordedFrame> frames;

  void add(const std::string& output, const FrameRef& frame);
  /// Throws std::system_error.
  void write(const std::filesystem::path& file) const;
};

/// Throws std::runtime_error if it is none.
Recording read_recording(const std::filesystem::path& file);

/// Bytes that memory held before the block got it, in the process of each recording.
struct Fills {
  std::byte loan{};
  std::byte heap{};
};

/// None if both are equal, else the first difference: "output 'edges', frame 4: byte 7 of 64
/// differs (…)".
std::optional<std::string> difference(const Recording& first, const Recording& second,
                                      Fills fills_of_first, Fills fills_of_second);

}  // namespace vcengine
