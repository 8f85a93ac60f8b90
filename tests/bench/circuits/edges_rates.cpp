/// circuits/edges.yaml beside all that it is compared with, on the video given and at 1080p.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <thread>

#include "circuit_folder.hpp"
#include "circuit_steps.hpp"
#include "gstreamer.hpp"
#include "measure/cores.hpp"
#include "measure/questions.hpp"
#include "program_run.hpp"
#include "videos.hpp"

namespace vcengine::bench {

namespace {

constexpr std::size_t kHdFrames = 300;

struct PlainRun {
  std::int64_t frames = 0;
  double rate = 0;             ///< frames a second
  double longest_stage_s = 0;  ///< mean time of one frame in it; of a pipeline only
};

PlainRun run_plain(const std::vector<std::string>& argv) {
  const auto ran = run_program(argv);
  ran.expect_success(argv.front());
  const auto result = parse_json(ran.output);
  const auto& figures = object_of(result, "result");
  const auto number = [&](const char* name) { return member(figures, name).to_number<double>(); };
  PlainRun run{.frames = integer_of(figures, "frames")};
  run.rate = static_cast<double>(run.frames) / number("seconds");
  if (figures.contains("longest_stage")) {
    run.longest_stage_s = number("longest_stage") / static_cast<double>(run.frames);
  }
  return run;
}

/// Two copies of the loop at once, each kept on a core of its own.
double rate_of_two_copies(const std::string& video, const std::array<int, 2>& cores) {
  std::array<PlainRun, 2> runs;
  std::array<std::exception_ptr, 2> errors;
  {
    std::array<std::jthread, 2> threads;
    for (std::size_t i = 0; i < 2; ++i) {
      threads[i] = std::jthread([&, i] {
        try {
          pin_to(cores[i]);  // this thread, and with it the program that it starts
          runs[i] = run_plain({VCENGINE_BENCH_ONE_THREAD, video});
        } catch (...) {
          errors[i] = std::current_exception();
        }
      });
    }
  }
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return runs[0].rate + runs[1].rate;
}

struct CircuitRun {
  std::int64_t frames = 0;
  double rate = 0;
};

CircuitRun run_edges(const std::string& video) {
  ::setenv("VIDEO", video.c_str(), 1);
  const auto ran =
      run_program({VCENGINE_BENCH_HOST, VCENGINE_BENCH_CIRCUIT, "--fast", "--quiet", "--json"});
  ran.expect_success("edges.yaml");
  const auto result = parse_json(ran.output);
  const auto frames = frames_of(result, "view_edges");
  return {frames, static_cast<double>(frames) / running_seconds(result)};
}

/// The part that GStreamer has elements for.
double rate_of_common_part(const std::string& video) {
  return rate_of_block(video, "type: vision.edge_detector, params: {low: 85, high: 255}", "edges");
}

constexpr std::string_view kQueue = " ! queue max-size-buffers=2 ! ";

/// A thread for each element, as the circuit has a process.
double seconds_in_gstreamer(const std::string& video, const std::vector<std::string>& decoder) {
  return gstreamer_seconds(
      fmt::format("filesrc location={0} ! {1}{2}videoconvert ! video/x-raw,format=RGB{2}edgedetect "
                  "threshold1=85 threshold2=255 mask=false{2}fakesink sync=false",
                  video, fmt::join(decoder, kQueue), kQueue));
}

void expect_same(std::int64_t frames, std::int64_t others) {
  if (frames == others) return;
  throw std::runtime_error(
      fmt::format("one saw {} frames, another {}: there is nothing to compare", frames, others));
}

/// A video, and the elements that GStreamer decodes it with.
struct Footage {
  const char* name;
  std::string video;
  std::vector<std::string> decoder;
};

void measure_one(const Footage& footage, Figures& figures) {
  const auto& [name, video, decoder] = footage;
  const auto question = fmt::format("edges/{}", name);
  const auto add = [&](std::string_view who, const char* part, double rate) {
    figures.add({question, std::string(who), part}, "frames/s", rate);
  };
  const auto one_thread = run_plain({VCENGINE_BENCH_ONE_THREAD, video});
  const auto default_threads = run_plain({VCENGINE_BENCH_ONE_THREAD, video, "--default-threads"});
  const auto circuit = run_edges(video);
  const auto threads = run_plain({VCENGINE_BENCH_THREADS, video});
  for (const auto others : {default_threads.frames, circuit.frames, threads.frames}) {
    expect_same(one_thread.frames, others);
  }
  add("one_thread", "whole", one_thread.rate);
  add("default_threads", "whole", default_threads.rate);
  add("threads", "whole", threads.rate);
  add(kCircuit, "whole", circuit.rate);
  const auto of_stage = 1 / threads.longest_stage_s;
  add("longest_stage", "whole", of_stage);
  if (const auto cores = two_cores()) {
    const auto of_copies = rate_of_two_copies(video, *cores);
    add("two_copies", "whole", of_copies);
    add(kLimit, "whole", std::min(of_copies, of_stage));
  } else {
    figures.note("edges_over_limit", "two copies of the loop need two cores");
  }
  add(kCircuit, "common_part", rate_of_common_part(video));
  auto elements = decoder;
  elements.insert(elements.end(), {"edgedetect", "videoconvert"});
  if (const auto why = why_no_gstreamer(elements)) {
    figures.note("edges_over_gstreamer", *why);
    return;
  }
  add(kGStreamer, "common_part",
      static_cast<double>(circuit.frames) / seconds_in_gstreamer(video, decoder));
}

}  // namespace

void measure_edges_rates(const CircuitOptions& options, const Effort& effort, Figures& figures) {
  // Without a display the screens count frames, as the plain programs do.
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) ::unsetenv(name);
  measure_one({"given", options.video, {"decodebin"}}, figures);
  measure_one({"1080p",
               video_at_1080p(options.video, effort.times(kHdFrames)),
               {"avidemux", "avdec_mjpeg"}},
              figures);
}

}  // namespace vcengine::bench
