/// One block that takes nearly all the time, with all cores to itself, beside a loop that leaves
/// OpenCV its default threads.
#include "circuit_folder.hpp"
#include "circuit_steps.hpp"
#include "program_run.hpp"
#include "videos.hpp"

namespace vcengine::bench {

namespace {

constexpr std::size_t kHdFrames = 60;

double rate_of_plain(const std::string& video) {
  const auto ran = run_program({VCENGINE_BENCH_HEAVY_PLAIN, video, "--default-threads"});
  ran.expect_success("heavy_plain");
  const auto result = parse_json(ran.output);
  const auto& figures = object_of(result, "result");
  return member(figures, "frames").to_number<double>() /
         member(figures, "seconds").to_number<double>();
}

}  // namespace

void measure_heavy_block(const CircuitOptions& options, const Effort& effort, Figures& figures) {
  const auto video = video_at_1080p(options.video, effort.times(kHdFrames));
  const auto add = [&](std::string_view who, double rate) {
    figures.add({"heavy/1080p", std::string(who), "whole"}, "frames/s", rate);
  };
  add("default_threads", rate_of_plain(video));
  add(kCircuit, rate_of_block(video, "type: bench.heavy, threads: auto", "smooth"));
}

}  // namespace vcengine::bench
