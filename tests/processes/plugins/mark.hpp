/// Pictures whose every byte follows from their stamp.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <opencv2/core.hpp>

namespace vcengine::test {

inline std::uint64_t mark_of(std::chrono::nanoseconds stamp, std::uint64_t word) {
  return (static_cast<std::uint64_t>(stamp.count()) + word) * 0x9e3779b97f4a7c15U;
}

inline void mark(cv::Mat& picture, std::chrono::nanoseconds stamp) {
  const auto words = picture.total() * picture.elemSize() / sizeof(std::uint64_t);
  for (std::size_t i = 0; i < words; ++i) {
    const auto word = mark_of(stamp, i);
    std::memcpy(picture.data + i * sizeof word, &word, sizeof word);
  }
}

inline bool has_mark(const cv::Mat& picture, std::chrono::nanoseconds stamp) {
  const auto words = picture.total() * picture.elemSize() / sizeof(std::uint64_t);
  for (std::size_t i = 0; i < words; ++i) {
    const auto expected = mark_of(stamp, i);
    if (std::memcmp(picture.data + i * sizeof expected, &expected, sizeof expected) != 0)
      return false;
  }
  return true;
}

}  // namespace vcengine::test
