/// What a circuit costs that has time enough: CPU at 30 frames of 1080p a second, beside a loop
/// that makes the same calls at the same pace.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "circuit_folder.hpp"
#include "circuit_steps.hpp"
#include "running_program.hpp"
#include "videos.hpp"

namespace vcengine::bench {

namespace {

using std::chrono::duration;
using std::chrono::milliseconds;

constexpr std::size_t kHdFrames = 300;
constexpr double kSeconds = 20;
constexpr auto kWarmUp = milliseconds(2000);  // libraries loaded, slots touched

CircuitText paced_circuit(const std::string& video) {
  CircuitText circuit;
  return circuit
      .block("video",
             fmt::format("type: io.video_file, params: {{path: \"{}\", loop: true, pace: \"on\"}}",
                         video))
      .block("filter", "type: vision.color_filter, params: {saturation_low: 60, value_low: 40}")
      .block("detect", "type: vision.edge_detector, params: {low: 85, high: 255}")
      .block("colors", "type: core.null")
      .block("edges", "type: core.null")
      .wire("video.frames", "filter.image")
      .wire("video.frames", "detect.image")
      .wire("filter.filtered", "colors.in")
      .wire("detect.edges", "edges.in");
}

/// CPU seconds that a minute of it costs, once it is warm.
double cpu_per_minute(const std::vector<std::string>& argv, const Effort& effort) {
  RunningProgram program(argv);
  std::this_thread::sleep_for(kWarmUp);
  const auto time = milliseconds(std::max(1000, static_cast<int>(kSeconds * 1e3 * effort.part)));
  const auto used = cpu_time_within(time, program.processes());
  return 60 * duration<double>(used) / duration<double>(time);
}

}  // namespace

void measure_paced_cpu(const CircuitOptions& options, const Effort& effort, Figures& figures) {
  const auto video = video_at_1080p(options.video, effort.times(kHdFrames));
  const CircuitFolder folder;
  const auto add = [&](std::string_view who, double seconds) {
    figures.add({"cpu/1080p30", std::string(who), "per_minute"}, "s", seconds);
  };
  add("one_thread", cpu_per_minute({VCENGINE_BENCH_PACED_PLAIN, video}, effort));
  add(kCircuit, cpu_per_minute(folder.command(paced_circuit(video), {"--for", "100s"}), effort));
}

}  // namespace vcengine::bench
