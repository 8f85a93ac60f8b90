#include "plain_program.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace vcengine::bench {

PlainOptions parse_plain_options(int argc, char** argv, const char* about) {
  PlainOptions options;
  CLI::App app(about);
  app.add_option("video", options.video, "The video to work on")->required()->type_name("FILE");
  app.add_flag("--default-threads", options.default_threads,
               "Leave OpenCV its own threads; a pipeline of threads has none to leave");
  app.add_flag("--checksum", options.checksum, "Print checksums of what the sinks got, too");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return options;
}

cv::VideoCapture open_video(const std::string& path) {
  cv::VideoCapture video(path, cv::CAP_FFMPEG);
  if (!video.isOpened()) throw std::runtime_error("cannot read the video '" + path + "'");
  return video;
}

void Sink::take(const cv::Mat& picture) {
  ++frames_;
  if (!checksum_) return;
  const auto size = picture.total() * picture.elemSize();
  for (std::size_t i = 0; i + sizeof(std::uint64_t) <= size; i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, picture.data + i, sizeof word);
    checksum_ = (*checksum_ ^ word) * 1099511628211U;
  }
}

void print_result(const Sink& colors, const Sink& edges, std::chrono::duration<double> time,
                  std::optional<std::chrono::duration<double>> longest_stage) {
  if (colors.frames() != edges.frames()) throw std::logic_error("a sink missed frames");
  fmt::print(R"({{"frames": {}, "seconds": {:.6f})", edges.frames(), time.count());
  if (longest_stage) fmt::print(R"(, "longest_stage": {:.6f})", longest_stage->count());
  for (const auto& [name, sink] : {std::pair("colors", &colors), std::pair("edges", &edges)}) {
    if (sink->checksum()) fmt::print(R"(, "{}": "{:016x}")", name, *sink->checksum());
  }
  fmt::print("}}\n");
}

}  // namespace vcengine::bench
