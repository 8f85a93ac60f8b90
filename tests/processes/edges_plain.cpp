/// What circuits/edges.yaml computes, with the same OpenCV calls in one plain process:
///   edges_plain VIDEO FRAMES COLORS EDGES SATURATION_LOW VALUE_LOW LOW HIGH
/// writes one line a frame into the files COLORS and EDGES: type, size, hash of all bytes.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <string>
#include <vector>

#include "tests/processes/frame_hash.hpp"

namespace {

void write_line(std::ofstream& file, const cv::Mat& picture) {
  file << "image 8UC" << picture.channels() << ' ' << picture.cols << 'x' << picture.rows << ' '
       << std::hex << vcengine::test::hash_of(picture.data, picture.total() * picture.elemSize())
       << std::dec << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() != 8) {
    std::cerr << "edges_plain VIDEO FRAMES COLORS EDGES SATURATION_LOW VALUE_LOW LOW HIGH\n";
    return EXIT_FAILURE;
  }
  cv::setNumThreads(1);
  cv::VideoCapture video(args[0], cv::CAP_FFMPEG);
  const int frames = std::stoi(args[1]);
  std::ofstream colors_file(args[2]);
  std::ofstream edges_file(args[3]);
  const int saturation_low = std::stoi(args[4]);
  const int value_low = std::stoi(args[5]);
  const int low = std::stoi(args[6]);
  const int high = std::stoi(args[7]);

  cv::Mat frame, hsv, mask, colors, gray, edges;
  for (int i = 0; i < frames && video.read(frame); ++i) {
    cv::cvtColor(frame, hsv, cv::COLOR_BGR2HSV);
    cv::inRange(hsv, cv::Scalar(0, saturation_low, value_low), cv::Scalar(179, 255, 255), mask);
    colors.create(frame.size(), frame.type());
    colors.setTo(cv::Scalar::all(0));
    cv::bitwise_and(frame, frame, colors, mask);
    write_line(colors_file, colors);

    cv::cvtColor(frame, gray, cv::COLOR_BGR2GRAY);
    cv::Canny(gray, edges, low, high);
    write_line(edges_file, edges);
  }
  return colors_file.flush() && edges_file.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
}
