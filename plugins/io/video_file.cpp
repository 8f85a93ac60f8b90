#include <unistd.h>
#include <cmath>
#include <filesystem>
#include <opencv2/videoio.hpp>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::io {

/// Frames a second as a fraction (30000/1001), so that the stamp of a frame is exact however long
/// the video runs. FFmpeg has the fraction, OpenCV hands on a double: we look for the simplest one
/// near it.
class FrameRate {
 public:
  explicit FrameRate(double per_second = 25) {
    for (seconds_ = 1; seconds_ < 1001; ++seconds_) {
      frames_ = std::llround(per_second * static_cast<double>(seconds_));
      const auto error = static_cast<double>(frames_) / static_cast<double>(seconds_) - per_second;
      if (frames_ > 0 && std::abs(error) < 1e-9 * per_second) return;
    }
    frames_ = std::max(std::llround(per_second * static_cast<double>(seconds_)), 1LL);
  }

  Stamp stamp_of(std::int64_t frame) const {
    const auto whole = frame * seconds_ / frames_;
    const auto rest = frame * seconds_ % frames_;
    return std::chrono::seconds{whole} + Stamp{rest * 1'000'000'000 / frames_};
  }

 private:
  std::int64_t frames_ = 25, seconds_ = 1;
};

namespace {

/// The number of frames that the file's header promises; 0 if it says nothing sensible (a stream).
std::int64_t promised_frames(const cv::VideoCapture& capture) {
  const auto count = capture.get(cv::CAP_PROP_FRAME_COUNT);
  return count > 0 && count < 1e12 ? std::llround(count) : 0;
}

double frames_per_second(const cv::VideoCapture& capture) {
  const auto rate = capture.get(cv::CAP_PROP_FPS);
  return rate > 0 && rate < 1e6 ? rate : 25;
}

}  // namespace

/// Decodes with OpenCV's FFmpeg. Stamps are frame number / frame rate, going on growing in a loop.
struct VideoFile final : Block {
  Out<Bgr8> frames{this, "frames", "The pictures of the video, in order"};
  Param<Path> path{this, "path", {}, "Video file, or a URL that FFmpeg reads (rtsp://…, http://…)"};
  Param<bool> loop{this, "loop", {.init = false}, "Begin again at the end, for ever"};
  Param<std::string> pacing{
      this,
      "pace",
      {.init = "auto", .choices = {"auto", "on", "off"}},
      "Play at the file's own rate: always (on), never (off), or if the circuit is paced (auto)"};

  void start() override {
    check_readable();
    // FFmpeg alone: others take a name with digits for a numbered series of pictures.
    if (!capture_.open(path->string(), cv::CAP_FFMPEG)) {
      throw std::runtime_error("'" + path->string() + "' is no video that FFmpeg can read");
    }
    rate_ = FrameRate(frames_per_second(capture_));
    promised_ = promised_frames(capture_);
    if (!capture_.grab()) {
      throw std::runtime_error("'" + path->string() + "' holds no picture that can be decoded");
    }
    grabbed_ = true;
  }

  void process() override {
    if (!std::exchange(grabbed_, false) && !grab_next()) {
      finish();  // the last frame could not be sent
      return;
    }
    const auto position = rate_.stamp_of(index_++);
    wait_until_due(position);
    set_stamp(position);
    publish_picture();
    if (promised_ > 0 && !loop) {
      report_progress(static_cast<std::uint64_t>(index_),
                      static_cast<std::uint64_t>(std::max(promised_, index_)));
    }
    grabbed_ = grab_next();  // decoded while the others work on this one
    if (!grabbed_) finish();
  }

  void stop() override { capture_.release(); }

 private:
  bool is_url() const { return path->string().find("://") != std::string::npos; }

  void check_readable() const {
    if (path->empty()) throw std::runtime_error("'path' is empty; it names the video to read");
    if (is_url()) return;
    std::error_code error;
    const auto status = std::filesystem::status(path.get(), error);
    if (!std::filesystem::exists(status)) {
      throw std::runtime_error("no such file: '" + path->string() + "'");
    }
    if (std::filesystem::is_directory(status)) {
      throw std::runtime_error("'" + path->string() +
                               "' is a folder; io.image_file reads folders of pictures");
    }
    if (::access(path->c_str(), R_OK) != 0) {
      throw std::runtime_error("may not read '" + path->string() +
                               "': " + std::generic_category().message(errno));
    }
  }

  /// False at the end of the data. A loop opens the file anew, because not every format can seek.
  bool grab_next() {
    if (capture_.grab()) return true;
    if (!std::exchange(warned_, true) && !stopping() && index_ < promised_) {
      log_warning("'" + path->string() + "' promises " + std::to_string(promised_) +
                  " frames but only " + std::to_string(index_) +
                  " could be read: it is truncated, or its header only estimates");
    }
    return loop && capture_.open(path->string(), cv::CAP_FFMPEG) && capture_.grab();
  }

  void wait_until_due(Stamp position) {
    if (pacing == "auto") {
      pace(position);
    } else if (pacing == "on") {
      const auto now = std::chrono::steady_clock::now();
      if (!begin_) begin_ = now - position;
      if (const auto early = *begin_ + position - now; early.count() > 0) sleep_for(early);
    }
  }

  /// Decodes straight into the wire's memory, unless the size is not the one of the frame before:
  /// only the decoded picture tells it.
  void publish_picture() {
    cv::Mat of_another_size;
    if (size_.empty()) {
      capture_.retrieve(of_another_size);
    } else {
      auto picture = frames.loan(size_);
      capture_.retrieve(*picture);
      if (picture->size() == size_) {
        std::move(picture).publish();
        return;
      }
      of_another_size = *picture;
    }
    if (of_another_size.empty()) throw FrameError("a frame of the video could not be decoded");
    size_ = of_another_size.size();
    frames.publish(of_another_size);
  }

  cv::VideoCapture capture_;
  FrameRate rate_;
  std::int64_t promised_ = 0;
  std::int64_t index_ = 0;  ///< of the next frame, counting on in a loop
  bool grabbed_ = false;    ///< the next frame is there already
  bool warned_ = false;
  cv::Size size_;
  std::optional<std::chrono::steady_clock::time_point> begin_;
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::VideoFile>("io.video_file", "Plays a video file or network stream");
}
