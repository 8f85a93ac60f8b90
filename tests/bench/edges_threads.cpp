/// circuits/edges.yaml as a good pipeline by hand: a thread a stage, bounded queues, frames from
/// pools, so that nothing is copied and nothing allocated per frame. All that vcengine adds to this
/// is that its stages are processes; what that costs is what the benchmark shows.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <opencv2/core.hpp>
#include <thread>

#include "bounded_queue.hpp"
#include "edges_calls.hpp"
#include "plain_program.hpp"

namespace vcengine::bench {
namespace {

constexpr std::size_t kDepth = 2;  // the depth of a wire that waits

using Clock = std::chrono::steady_clock;

/// Adds the time that it lives to what a stage has worked.
class AtWork {
 public:
  explicit AtWork(Clock::duration& sum) : sum_(sum) {}
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;
  ~AtWork() { sum_ += Clock::now() - start_; }

 private:
  Clock::duration& sum_;
  Clock::time_point start_ = Clock::now();
};

struct Frame {
  cv::Mat picture;
  std::atomic<int> users{0};
};

using FrameQueue = BoundedQueue<Frame*>;

/// The frames of one stage's output: as many as are queued, and one each being written and read.
class Pool {
 public:
  Pool() {
    for (auto& frame : frames_) free_.push(&frame);
  }

  Frame& loan(int users) {
    auto& frame = **free_.pop();
    frame.users.store(users, std::memory_order_relaxed);
    return frame;
  }
  void release(Frame& frame) {
    if (frame.users.fetch_sub(1, std::memory_order_acq_rel) == 1) free_.push(&frame);
  }

 private:
  static constexpr std::size_t kFrames = kDepth + 2;
  std::array<Frame, kFrames> frames_;
  FrameQueue free_{kFrames};
};

void decode(cv::VideoCapture& video, Pool& pool, FrameQueue& to_filter, FrameQueue& to_detector,
            Clock::duration& worked) {
  const auto grab = [&] {
    const AtWork timed(worked);
    return video.grab();
  };
  while (grab()) {
    auto& frame = pool.loan(2);
    {
      const AtWork timed(worked);
      video.retrieve(frame.picture);
    }
    to_filter.push(&frame);
    to_detector.push(&frame);
  }
  to_filter.close();
  to_detector.close();
}

template <class Stage>
void work(Pool& input_pool, FrameQueue& input, Pool& output_pool, FrameQueue& output,
          Clock::duration& worked) {
  Stage stage;
  while (const auto frame = input.pop()) {
    auto& result = output_pool.loan(1);
    {
      const AtWork timed(worked);
      stage.apply((*frame)->picture, result.picture);
    }
    input_pool.release(**frame);
    output.push(&result);
  }
  output.close();
}

void consume(Pool& pool, FrameQueue& input, Sink& sink) {
  while (const auto frame = input.pop()) {
    sink.take((*frame)->picture);
    pool.release(**frame);
  }
}

}  // namespace
}  // namespace vcengine::bench

int main(int argc, char** argv) {
  using namespace vcengine::bench;
  const auto options =
      parse_plain_options(argc, argv, "Colours and edges of a video, a thread a stage");
  cv::setNumThreads(1);
  auto video = open_video(options.video);
  Pool frames, colors, edges;
  FrameQueue to_filter(kDepth), to_detector(kDepth), to_colors(kDepth), to_edges(kDepth);
  Sink color_sink(options.checksum), edge_sink(options.checksum);

  Clock::duration decoding{}, filtering{}, detecting{};
  const auto start = Clock::now();
  {
    using std::ref;
    const std::jthread decoder(decode, ref(video), ref(frames), ref(to_filter), ref(to_detector),
                               ref(decoding));
    const std::jthread filter(work<ColorFilter>, ref(frames), ref(to_filter), ref(colors),
                              ref(to_colors), ref(filtering));
    const std::jthread detector(work<EdgeDetector>, ref(frames), ref(to_detector), ref(edges),
                                ref(to_edges), ref(detecting));
    const std::jthread color_thread(consume, ref(colors), ref(to_colors), ref(color_sink));
    const std::jthread edge_thread(consume, ref(edges), ref(to_edges), ref(edge_sink));
  }
  print_result(color_sink, edge_sink, Clock::now() - start,
               std::max({decoding, filtering, detecting}));
}
