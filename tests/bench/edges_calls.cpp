#include "edges_calls.hpp"

#include <opencv2/imgproc.hpp>

namespace vcengine::bench {

void ColorFilter::apply(const cv::Mat& image, cv::Mat& output) {
  cv::cvtColor(image, hsv_, cv::COLOR_BGR2HSV);
  cv::inRange(hsv_, cv::Scalar(0, 60, 40), cv::Scalar(179, 255, 255), mask_);
  output.create(image.size(), image.type());
  output.setTo(cv::Scalar::all(0));
  cv::bitwise_and(image, image, output, mask_);
}

void EdgeDetector::apply(const cv::Mat& image, cv::Mat& output) {
  cv::cvtColor(image, gray_, cv::COLOR_BGR2GRAY);
  cv::Canny(gray_, output, 85, 255);
}

}  // namespace vcengine::bench
