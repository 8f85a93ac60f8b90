/// What circuits/edges.yaml does to each frame, as plain calls of OpenCV: the same ones, with the
/// same parameters, as vision.color_filter and vision.edge_detector make. `output` keeps its memory
/// from call to call if it has the right size already.
#pragma once

#include <opencv2/core.hpp>

namespace vcengine::bench {

class ColorFilter {
 public:
  void apply(const cv::Mat& image, cv::Mat& output);

 private:
  cv::Mat hsv_, mask_;
};

class EdgeDetector {
 public:
  void apply(const cv::Mat& image, cv::Mat& output);

 private:
  cv::Mat gray_;
};

}  // namespace vcengine::bench
