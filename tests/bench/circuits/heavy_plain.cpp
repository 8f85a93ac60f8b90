/// heavy_plain VIDEO: heavy_call() on each frame, in a loop.
#include <opencv2/core.hpp>

#include "circuits/heavy_call.hpp"
#include "plain_program.hpp"

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  const auto options =
      parse_plain_options(argc, argv, "A video with its noise smoothed, in a loop");
  if (!options.default_threads) cv::setNumThreads(1);
  auto video = open_video(options.video);
  Sink before(options.checksum), after(options.checksum);
  cv::Mat frame, smooth;
  const auto start = std::chrono::steady_clock::now();
  while (video.read(frame)) {
    heavy_call(frame, smooth);
    before.take(frame);
    after.take(smooth);
  }
  print_result(before, after, std::chrono::steady_clock::now() - start);
}
