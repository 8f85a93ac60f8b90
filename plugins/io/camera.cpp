#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <opencv2/videoio.hpp>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>
#include <vector>

namespace vcengine::io {
namespace {

/// "/dev/video0 (HD Webcam)" for each device that captures video, in order of their numbers.
std::vector<std::string> cameras_there_are() {
  std::vector<std::string> found;
  for (int number = 0; number < 64; ++number) {
    const auto device = "/dev/video" + std::to_string(number);
    const int descriptor = ::open(device.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
      if (errno == EACCES) found.push_back(device + " (not yours to open)");
      continue;
    }
    v4l2_capability capability{};
    // A webcam has further nodes for metadata: device_caps tells them apart, capabilities does not.
    if (::ioctl(descriptor, VIDIOC_QUERYCAP, &capability) == 0 &&
        (capability.device_caps & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)) != 0) {
      const auto* card = reinterpret_cast<const char*>(capability.card);
      found.push_back(device + " (" + std::string(card, ::strnlen(card, sizeof capability.card)) +
                      ")");
    }
    ::close(descriptor);
  }
  return found;
}

std::string advice() {
  const auto cameras = cameras_there_are();
  if (cameras.empty()) {
    return "; this machine shows no camera at all (no /dev/video* captures video); io.video_file "
           "and "
           "io.test_pattern do without one";
  }
  std::string text = "; there are:";
  for (const auto& camera : cameras) text += ' ' + camera + ',';
  text.pop_back();
  return text;
}

Stamp monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace

/// Stamps are the driver's time of capture (CLOCK_MONOTONIC, so two cameras can be compared) where
/// it gives one, else the time at which the picture was fetched.
struct Camera final : Block {
  Out<Bgr8> frames{this, "frames", "What the camera sees, as it sees it"};
  Param<std::string> device{
      this,
      "device",
      {.init = "0"},
      "Number (0 is /dev/video0), path of a device, or URL of a network camera"};
  Param<int> width{
      this, "width", {.min = 0, .max = 16384, .init = 0}, "0: the camera's own choice"};
  Param<int> height{
      this, "height", {.min = 0, .max = 16384, .init = 0}, "0: the camera's own choice"};
  Param<double> rate{this,
                     "rate",
                     {.min = 0, .max = 1000, .init = 0},
                     "Frames a second; 0: the camera's own choice"};
  Param<std::string> format{this,
                            "format",
                            {.init = "", .choices = {"", "MJPG", "YUYV"}},
                            "How the camera sends: MJPG reaches large sizes and rates over USB"};

  void start() override {
    check_device();
    if (!open()) throw std::runtime_error("cannot open camera " + name() + advice());
    const cv::Size got(static_cast<int>(capture_.get(cv::CAP_PROP_FRAME_WIDTH)),
                       static_cast<int>(capture_.get(cv::CAP_PROP_FRAME_HEIGHT)));
    if ((width != 0 && width != got.width) || (height != 0 && height != got.height)) {
      log_warning("camera " + name() + " gives pictures of " + std::to_string(got.width) + "x" +
                  std::to_string(got.height) + ", not the size asked for");
    }
  }

  void process() override {
    if (!capture_.isOpened() || !capture_.grab()) {
      if (capture_.get(cv::CAP_PROP_FRAME_COUNT) > 0) {  // a recording behind a URL has an end
        finish();
      } else {
        reopen();
      }
      return;
    }
    const auto captured = time_of_capture();
    set_stamp(captured, captured);
    publish_picture();
  }

  void stop() override { capture_.release(); }

 private:
  bool is_url() const { return device->find("://") != std::string::npos; }

  std::string name() const {
    const bool number = !device->empty() && std::all_of(device->begin(), device->end(), [](char c) {
      return c >= '0' && c <= '9';
    });
    return number ? "/dev/video" + device.get() : device.get();
  }

  void check_device() const {
    if (is_url()) return;
    if (!std::filesystem::exists(name()))
      throw std::runtime_error("no camera " + name() + advice());
    if (::access(name().c_str(), R_OK | W_OK) != 0) {
      throw std::runtime_error("may not open camera " + name() + " (" +
                               std::generic_category().message(errno) +
                               "); being in the group 'video' helps: sudo usermod -aG video $USER");
    }
  }

  bool open() {
    if (!capture_.open(name(), is_url() ? cv::CAP_FFMPEG : cv::CAP_V4L2)) return false;
    if (format != "") {
      const auto& code = format.get();
      capture_.set(cv::CAP_PROP_FOURCC,
                   cv::VideoWriter::fourcc(code[0], code[1], code[2], code[3]));
    }
    if (width != 0) capture_.set(cv::CAP_PROP_FRAME_WIDTH, width);
    if (height != 0) capture_.set(cv::CAP_PROP_FRAME_HEIGHT, height);
    if (rate != 0) capture_.set(cv::CAP_PROP_FPS, rate);
    return true;
  }

  /// A cable came loose: tries again once a second.
  void reopen() {
    if (!std::exchange(lost_, true))
      log_warning("camera " + name() + " sends no more; waiting for it");
    capture_.release();
    sleep_for(std::chrono::seconds{1});
    if ((is_url() || std::filesystem::exists(name())) && open()) {
      log_info("camera " + name() + " is back");
      lost_ = false;
    }
  }

  Stamp time_of_capture() {
    const auto now = monotonic_now();
    const auto driver = std::chrono::duration_cast<Stamp>(
        std::chrono::duration<double, std::milli>(capture_.get(cv::CAP_PROP_POS_MSEC)));
    // Some drivers give another clock, or nothing: then it is far from now. A URL gives a position.
    const bool given = !is_url() && driver <= now && now - driver < std::chrono::seconds{10};
    auto captured = given ? driver : now;
    captured = std::max(captured, last_ + Stamp{1});
    last_ = captured;
    return captured;
  }

  void publish_picture() {
    cv::Mat of_another_size;  // than the frame before: only the decoded picture tells
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
    if (of_another_size.empty()) throw FrameError("the camera sent a broken picture");
    size_ = of_another_size.size();
    frames.publish(of_another_size);
  }

  cv::VideoCapture capture_;
  cv::Size size_;
  Stamp last_{0};
  bool lost_ = false;
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::Camera>("io.camera", "Sees through a camera", {.live = true});
}
