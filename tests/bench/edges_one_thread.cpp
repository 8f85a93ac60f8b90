/// circuits/edges.yaml as anybody would write it first: a loop, one call after the other.
#include <opencv2/core.hpp>

#include "edges_calls.hpp"
#include "plain_program.hpp"

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  const auto options = parse_plain_options(argc, argv, "Colours and edges of a video, in one loop");
  if (!options.default_threads) cv::setNumThreads(1);
  auto video = open_video(options.video);
  ColorFilter filter;
  EdgeDetector detector;
  Sink color_sink(options.checksum), edge_sink(options.checksum);
  cv::Mat frame, colors, edges;

  const auto start = std::chrono::steady_clock::now();
  while (video.read(frame)) {
    filter.apply(frame, colors);
    detector.apply(frame, edges);
    color_sink.take(colors);
    edge_sink.take(edges);
  }
  print_result(color_sink, edge_sink, std::chrono::steady_clock::now() - start);
}
