/// What the two programs without vcengine have in common: their command line and what they print.
#pragma once

#include <chrono>
#include <cstdint>
#include <opencv2/videoio.hpp>
#include <optional>
#include <string>

namespace vcengine::bench {

struct PlainOptions {
  std::string video;
  bool default_threads = false;  ///< leave OpenCV its own
  bool checksum = false;  ///< of the pictures at both sinks; costs time, so not while measuring
};

/// Ends the process if the command line is wrong or only asks for help.
PlainOptions parse_plain_options(int argc, char** argv, const char* about);

/// As io.video_file opens it. Throws if it cannot be read.
cv::VideoCapture open_video(const std::string& path);

/// A sink that counts pictures, as io.screen does without a display, and can tell them apart.
class Sink {
 public:
  explicit Sink(bool checksum) {
    if (checksum) checksum_ = 14695981039346656037U;
  }

  void take(const cv::Mat& picture);
  std::int64_t frames() const { return frames_; }
  std::optional<std::uint64_t> checksum() const { return checksum_; }

 private:
  std::int64_t frames_ = 0;
  std::optional<std::uint64_t> checksum_;  ///< FNV-1a, over words of 64 bits
};

/// One line of JSON on standard output. `longest_stage`: of a pipeline, how long its slowest stage
/// was at work on all frames together.
void print_result(const Sink& colors, const Sink& edges, std::chrono::duration<double> time,
                  std::optional<std::chrono::duration<double>> longest_stage = {});

}  // namespace vcengine::bench
