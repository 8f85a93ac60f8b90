/// make_video INPUT OUTPUT FRAMES: see videos.hpp.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <stdexcept>
#include <string>

namespace {

void make_video(const std::string& input, const std::string& output, int frames) {
  const cv::Size size(1920, 1080);
  cv::VideoCapture from(input, cv::CAP_FFMPEG);
  cv::VideoWriter to(output, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 30, size);
  if (!from.isOpened()) throw std::runtime_error("cannot read '" + input + "'");
  if (!to.isOpened()) throw std::runtime_error("cannot write '" + output + "'");
  cv::Mat frame, scaled;
  for (int i = 0; i < frames; ++i) {
    if (!from.read(frame)) {
      if (!from.open(input, cv::CAP_FFMPEG) || !from.read(frame)) {
        throw std::runtime_error("'" + input + "' holds no picture");
      }
    }
    cv::resize(frame, scaled, size, 0, 0, cv::INTER_CUBIC);
    to.write(scaled);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw std::runtime_error("usage: make_video INPUT OUTPUT FRAMES");
    make_video(argv[1], argv[2], std::stoi(argv[3]));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_video: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
