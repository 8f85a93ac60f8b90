/// One call of OpenCV that takes far longer than all else in its circuit, and that OpenCV spreads
/// over its threads.
#pragma once

#include <opencv2/imgproc.hpp>

namespace vcengine::bench {

inline void heavy_call(const cv::Mat& image, cv::Mat& output) {
  cv::bilateralFilter(image, output, 9, 50, 50);
}

}  // namespace vcengine::bench
