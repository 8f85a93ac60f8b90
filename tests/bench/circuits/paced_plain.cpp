/// paced_plain VIDEO: the calls of circuits/edges.yaml in one loop, 30 frames a second, for ever; a
/// dot on standard output for each.
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <thread>

#include "edges_calls.hpp"
#include "plain_program.hpp"

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  const auto options =
      parse_plain_options(argc, argv, "Colours and edges of a video, 30 times a second");
  ::alarm(300);  // whoever measures it ends it long before
  if (!options.default_threads) cv::setNumThreads(1);
  ColorFilter filter;
  EdgeDetector detector;
  cv::Mat frame, colors, edges;
  auto due = std::chrono::steady_clock::now();
  for (;;) {
    auto video = open_video(options.video);
    while (video.read(frame)) {
      filter.apply(frame, colors);
      detector.apply(frame, edges);
      if (::write(STDOUT_FILENO, ".", 1) != 1) return EXIT_FAILURE;  // for who counts frames
      std::this_thread::sleep_until(due += std::chrono::nanoseconds(1'000'000'000 / 30));
    }
  }
}
