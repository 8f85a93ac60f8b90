/// Frames that tell whether they are whole: sequence, size, words made of both, a checksum over
/// all.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "vcengine/frame.hpp"

namespace vcengine::test {

inline constexpr std::size_t kLargestFrame = std::size_t{1} << 20;

constexpr std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 31)) * 0x9e3779b97f4a7c15ULL;
  return value ^ (value >> 29);
}

/// 64 bytes to 64 KiB; one in 256 has 1 MiB.
constexpr std::size_t stress_size(std::uint64_t sequence) {
  const auto bits = mixed(sequence);
  return bits % 256 == 0 ? kLargestFrame : std::size_t{64} << (bits >> 8) % 11;
}

class Checksum {
 public:
  void add(std::uint64_t word) { sum_ = std::rotl((sum_ ^ word) * 0x9e3779b97f4a7c15ULL, 23); }
  std::uint64_t value() const { return sum_; }

 private:
  std::uint64_t sum_ = 0x5bd1e995;
};

inline FrameHeader fill_stress_frame(std::byte* data, std::uint64_t sequence, std::size_t size) {
  const auto words = size / sizeof(std::uint64_t);
  Checksum checksum;
  const auto put = [data](std::size_t at, std::uint64_t word) {
    std::memcpy(data + at * sizeof word, &word, sizeof word);
  };
  for (std::size_t i = 0; i + 1 < words; ++i) {
    const auto word = i == 0 ? sequence : i == 1 ? size : sequence * 0x9e3779b97f4a7c15ULL + i;
    put(i, word);
    checksum.add(word);
  }
  put(words - 1, checksum.value());
  FrameHeader header;
  header.type = {Family::bytes, 0};
  header.size = size;
  header.shape = {static_cast<std::uint32_t>(size), 1};
  header.stamp = Stamp{static_cast<std::int64_t>(sequence)};
  return header;
}

/// None for a whole frame. One that was `sent_on` is numbered anew, but not its stamp.
inline std::optional<std::string> complaint_about(const FrameRef& frame, bool sent_on = false) {
  const auto& header = frame.header();
  const auto name = "frame " + std::to_string(header.sequence);
  const auto written_as = static_cast<std::uint64_t>(header.stamp.count());
  if ((!sent_on && written_as != header.sequence) || header.size < 4 * sizeof(std::uint64_t) ||
      header.size % sizeof(std::uint64_t) != 0) {
    return name + " has the header of another one";
  }
  const auto words = header.size / sizeof(std::uint64_t);
  const auto get = [&frame](std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, frame.payload().data() + at * sizeof word, sizeof word);
    return word;
  };
  Checksum checksum;
  for (std::size_t i = 0; i + 1 < words; ++i) checksum.add(get(i));
  if (get(0) != written_as) return name + " has the payload of frame " + std::to_string(get(0));
  if (get(1) != header.size || get(words - 1) != checksum.value()) return name + " is torn";
  return std::nullopt;
}

}  // namespace vcengine::test
