#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <opencv2/videoio.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::io {

/// Frames a second as a fraction (30000/1001), so that the time of a frame is exact however long
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

  /// The number of the frame whose time is nearest.
  std::int64_t frame_at(Stamp time) const {
    return std::llround(static_cast<double>(time.count()) / 1e9 * static_cast<double>(frames_) /
                        static_cast<double>(seconds_));
  }

 private:
  std::int64_t frames_ = 25, seconds_ = 1;
};

/// Makes stamps of the positions that the file gives its frames, from 0, always growing.
///
/// OpenCV's position is the presentation time of the frame since the start of its stream; where a
/// container has none (AVI), the decoding time, which is later by the frames that the decoder holds
/// back: they count from the first frame, therefore. Frames that come out of the decoder after the
/// end of the file have none. Many containers count in whole milliseconds: where a position and the
/// place of a frame at a constant rate are that near, the place is meant, and exact.
class FrameTimes {
 public:
  explicit FrameTimes(double per_second = 25) : rate_(per_second), step_(rate_.stamp_of(1)) {}

  /// The file was opened anew: what comes follows what came.
  void begin_again() { begins_ = true; }

  /// The stamp of the next frame, given its position; none: unknown.
  Stamp next(std::optional<Stamp> position) {
    const auto following = last_ ? *last_ + step_ : Stamp{0};
    if (position && must_begin(*position)) {
      // A file is cut out of a longer one and starts late, or its first position is a decoding time
      // before 0.
      offset_ = following - (last_ ? *position : std::max(*position, Stamp{0}));
      begins_ = false;
    }
    const auto time = position ? *position + offset_ : following;
    const auto wanted = at_constant_rate(time).value_or(time);
    if (last_ && wanted > *last_) step_ = wanted - *last_;
    last_ = last_ ? std::max(wanted, *last_ + Stamp{1}) : std::max(wanted, Stamp{0});
    return *last_;
  }

 private:
  static constexpr auto kNear = std::chrono::milliseconds{1};
  static constexpr auto kOutOfOrder = std::chrono::seconds{1};

  /// A long way back: several recordings in one file. A short one: frames out of order.
  bool must_begin(Stamp position) const {
    return begins_ || (last_ && position + offset_ < *last_ - kOutOfOrder);
  }

  /// The time of the frame that is meant by `time`: the next one, or a later one if frames are
  /// missing. None if the rate varies.
  std::optional<Stamp> at_constant_rate(Stamp time) {
    const auto is_near = [&] { return std::chrono::abs(rate_.stamp_of(number_) - time) <= kNear; };
    if (!is_near()) number_ = rate_.frame_at(time);
    const bool found = is_near();
    const auto exact = rate_.stamp_of(number_++);
    return found ? std::optional(exact) : std::nullopt;
  }

  FrameRate rate_;
  std::int64_t number_ = 0;  ///< of the next frame at a constant rate
  Stamp step_;               ///< between the last two frames that were in order
  Stamp offset_{0};          ///< of stamps from the file's positions
  std::optional<Stamp> last_;
  bool begins_ = true;
};

namespace {

/// Where the file says that the frame grabbed last belongs. OpenCV says 0 for a frame without a
/// time, and something beyond all measure where a stream does not know when it started.
std::optional<Stamp> position_of(const cv::VideoCapture& capture, bool first) {
  const auto milliseconds = capture.get(cv::CAP_PROP_POS_MSEC);
  const bool sensible = std::abs(milliseconds) < 1e12 && (first || milliseconds != 0);
  if (!sensible) return std::nullopt;
  return Stamp{std::llround(milliseconds * 1e6)};
}

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

/// How far a video was played.
struct Played {
  std::int64_t frames = 0;   ///< in all, counting on in a loop
  std::int64_t in_file = 0;  ///< since the file began
  double position = 0;       ///< of the last one in the file, as OpenCV says it: milliseconds
  bool in_order = true;      ///< each position in the file was later than the one before
  FrameTimes times = FrameTimes();
};

/// Decodes with OpenCV's FFmpeg. Stamps are the file's positions, going on growing in a loop. A
/// successor goes on with the frame after the last one; in a stream without an end, with the one
/// that comes.
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
    promised_ = promised_frames(capture_);
    if (played->frames > 0) {
      go_on();
      return;
    }
    now_.times = FrameTimes(frames_per_second(capture_));
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
    const auto due = now_.times.next(position_of(capture_, now_.in_file == 0));
    const auto position = capture_.get(cv::CAP_PROP_POS_MSEC);
    now_.in_order = now_.in_file == 0 || (now_.in_order && position > now_.position);
    now_.position = position;
    ++now_.frames;
    ++now_.in_file;
    const auto this_one = now_;
    wait_until(due);
    set_stamp(due);
    publish_picture();
    played = this_one;
    if (promised_ > 0 && !loop) {
      report_progress(static_cast<std::uint64_t>(now_.frames),
                      static_cast<std::uint64_t>(std::max(promised_, now_.frames)));
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

  bool open_again() { return capture_.open(path->string(), cv::CAP_FFMPEG); }

  /// The predecessor died after the frame that `played` tells of.
  void go_on() {
    now_ = played;
    if (promised_ == 0 && is_url()) {
      now_.times.begin_again();
      now_.in_file = 0;
    } else if (!seek() && !skip()) {
      throw std::runtime_error("'" + path->string() + "' has become shorter than " +
                               std::to_string(now_.in_file) + " frames");
    }
    grabbed_ = grab_next();
  }

  /// To the frame sent last. Where it really landed only the frame's position tells, and not every
  /// file has one for each.
  bool seek() {
    if (now_.position <= 0 || !now_.in_order) return false;
    return capture_.set(cv::CAP_PROP_POS_FRAMES, static_cast<double>(now_.in_file - 1)) &&
           capture_.grab() && capture_.get(cv::CAP_PROP_POS_MSEC) == now_.position;
  }

  /// There, from the start of the file: as long as decoding all of it takes.
  bool skip() {
    if (!open_again()) return false;
    for (std::int64_t i = 0; i < now_.in_file; ++i) {
      if (!capture_.grab()) return false;
    }
    return true;
  }

  /// False at the end of the data. A loop opens the file anew, because not every format can seek.
  bool grab_next() {
    if (capture_.grab()) return true;
    if (!std::exchange(warned_, true) && !stopping() && now_.frames < promised_) {
      log_warning("'" + path->string() + "' promises " + std::to_string(promised_) +
                  " frames but only " + std::to_string(now_.frames) +
                  " could be read: it is truncated, or its header only estimates");
    }
    if (!loop || !open_again() || !capture_.grab()) return false;
    now_.times.begin_again();
    now_.in_file = 0;
    return true;
  }

  void wait_until(Stamp due) {
    if (pacing == "auto") {
      pace(due);
    } else if (pacing == "on") {
      if (!begin_) begin_ = now() - due;
      sleep_until(*begin_ + due);
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

  State<Played> played{this, "played"};
  cv::VideoCapture capture_;
  Played now_;  ///< frames that could not be sent included
  std::int64_t promised_ = 0;
  bool grabbed_ = false;  ///< the next frame is there already
  bool warned_ = false;
  cv::Size size_;
  std::optional<Stamp> begin_;  ///< on the circuit's clock, of the stamp 0
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::VideoFile>("io.video_file", "Plays a video file or network stream");
}
