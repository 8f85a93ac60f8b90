#include "videos.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "program_run.hpp"

namespace vcengine::bench {

namespace fs = std::filesystem;

std::string video_at_1080p(const std::string& video, std::size_t frames) {
  const fs::path folder(VCENGINE_BENCH_VIDEOS);
  const auto stem = fs::path(video).stem().string();
  const auto made = folder / fmt::format("{}_1080p_{}.avi", stem, frames);
  if (fs::exists(made) && fs::last_write_time(made) >= fs::last_write_time(video)) return made;
  fs::create_directories(folder);
  // Under another name until it is whole; OpenCV tells the format by the end of the name.
  const auto part = folder / fmt::format("{}.{}.avi", stem, ::getpid());
  run_program({VCENGINE_BENCH_MAKE_VIDEO, video, part.string(), std::to_string(frames)})
      .expect_success("making a video of 1080p");
  fs::rename(part, made);
  return made;
}

}  // namespace vcengine::bench
