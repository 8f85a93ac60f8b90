/// How old pictures of a live source are behind a block that takes longer than the source's period.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "circuit_folder.hpp"
#include "circuit_steps.hpp"
#include "gstreamer.hpp"
#include "measure/questions.hpp"

namespace vcengine::bench {

namespace {

constexpr int kWorkMs = 50, kRate = 30;
constexpr std::size_t kFrames = 600;   // of the source
constexpr std::ptrdiff_t kWarmUp = 4;  // at the sink
constexpr std::string_view kQuestion = "live/age";

std::vector<double> without_warm_up(std::vector<double> ages) {
  ages.erase(ages.begin(), ages.begin() + std::min(kWarmUp, std::ssize(ages) - 1));
  return ages;
}

/// Frames of the source; of those, the sink sees three in five.
std::vector<double> ages_in_circuit(std::size_t frames) {
  const CircuitFolder folder;
  CircuitText circuit;
  circuit
      .block("camera",
             fmt::format("type: bench.camera, params: {{rate: {}, count: {}}}", kRate, frames))
      .block("work", fmt::format("type: test.work, params: {{time: {}ms}}", kWorkMs))
      .block("sink", "type: test.ages")
      .wire("camera.frames", "work.in")
      .wire("work.out", "sink.in");
  folder.run(circuit, {});
  return without_warm_up(folder.arrived().ages);
}

std::vector<double> ages_in_gstreamer(std::size_t frames) {
  return without_warm_up(gstreamer_ages(
      fmt::format("videotestsrc is-live=true num-buffers={} pattern=black "
                  "! video/x-raw,format=BGR,width=1920,height=1080,framerate={}/1 "
                  "! queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0 "
                  "! identity sleep-time={} ! fakesink sync=false",
                  frames, kRate, kWorkMs * 1000)));
}

}  // namespace

void measure_live_age(const Effort& effort, Figures& figures) {
  const auto frames = std::max<std::size_t>(30, effort.times(kFrames));
  figures.add(kQuestion, kCircuit, "us", quantiles(ages_in_circuit(frames)));
  constexpr double kWorkAndPeriod = kWorkMs * 1e3 + 1e6 / kRate;
  figures.add({std::string(kQuestion), std::string(kLimit), "p99"}, "us", kWorkAndPeriod);
  if (const auto why = why_no_gstreamer({"videotestsrc", "queue", "identity", "fakesink"})) {
    figures.note("live/age/gstreamer", *why);
    return;
  }
  figures.add(kQuestion, kGStreamer, "us", quantiles(ages_in_gstreamer(frames)));
}

}  // namespace vcengine::bench
