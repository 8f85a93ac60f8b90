/// What a circuit costs that has time enough: CPU at 30 frames of 1080p a second, beside a loop
/// that makes the same calls at the same pace.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

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
constexpr double kFramesAMinute = 30 * 60;
constexpr std::size_t kWarmUp = 30;  // frames: libraries are loaded by then, slots touched

CircuitText paced_circuit(const std::string& video) {
  CircuitText circuit;
  return circuit
      .block("video",
             fmt::format("type: io.video_file, params: {{path: \"{}\", loop: true, pace: \"on\"}}",
                         video))
      .block("filter", "type: vision.color_filter, params: {saturation_low: 60, value_low: 40}")
      .block("detect", "type: vision.edge_detector, params: {low: 85, high: 255}")
      .block("colors", "type: core.null")
      .block("edges", "type: test.ages")
      .wire("video.frames", "filter.image")
      .wire("video.frames", "detect.image")
      .wire("filter.filtered", "colors.in")
      .wire("detect.edges", "edges.in");
}

/// CPU seconds that a minute of it costs, once it is warm: by the frames that were done meanwhile,
/// for on a busy machine they may be fewer than were due.
double cpu_per_minute(RunningProgram& program, const std::function<std::size_t()>& frames_done,
                      const Effort& effort) {
  program.wait_until([&] { return frames_done() >= kWarmUp; }, "a minute's first frames");
  const auto processes = program.processes();
  const auto time = milliseconds(std::max(1000, static_cast<int>(kSeconds * 1e3 * effort.part)));
  const auto before = frames_done();
  const auto used = cpu_time_within(time, processes);
  const auto frames = frames_done() - before;
  if (frames == 0)
    throw std::runtime_error("a program at 30 frames a second made none in " +
                             std::to_string(time.count()) + " ms");
  return duration<double>(used).count() / static_cast<double>(frames) * kFramesAMinute;
}

}  // namespace

void measure_paced_cpu(const CircuitOptions& options, const Effort& effort, Figures& figures) {
  const auto video = video_at_1080p(options.video, effort.times(kHdFrames));
  const CircuitFolder folder;
  const auto add = [&](std::string_view who, double seconds) {
    figures.add({"cpu/1080p30", std::string(who), "per_minute"}, "s", seconds);
  };
  {
    RunningProgram loop({VCENGINE_BENCH_PACED_PLAIN, video});
    add("one_thread", cpu_per_minute(
                          loop, [&] { return loop.output().size(); }, effort));
  }
  RunningProgram circuit(folder.command(paced_circuit(video), {"--for", "100s"}));
  add(kCircuit, cpu_per_minute(
                    circuit, [&] { return folder.arrived().ages.size(); }, effort));
}

}  // namespace vcengine::bench
