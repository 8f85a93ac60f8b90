#pragma once

#include <algorithm>
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>

namespace vcengine::test {

/// Reads the number that io.test_pattern draws into each picture; none if the squares contradict
/// each other: a torn or garbled picture, or none of this kind. Survives lossy codecs.
inline std::optional<std::uint32_t> pattern_number(const cv::Mat& picture) {
  const int side = std::min({16, picture.cols / 32, picture.rows / 6});
  if (side < 1 || picture.type() != CV_8UC3) return std::nullopt;
  const auto is_white = [&](int bit, int top) {
    return picture.at<cv::Vec3b>(top + side / 2, bit * side + side / 2)[1] > 127;
  };
  std::uint32_t number = 0;
  for (int bit = 0; bit < 32; ++bit) {
    const bool white = is_white(bit, 0);
    for (const int top : {0, picture.rows - 2 * side}) {
      if (is_white(bit, top) != white || is_white(bit, top + side) == white) return std::nullopt;
    }
    number |= static_cast<std::uint32_t>(white) << bit;
  }
  return number;
}

}  // namespace vcengine::test
