#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <xcb/xcb.h>
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <opencv2/highgui.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::io {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::string why_no_display() {
  const auto display = environment("DISPLAY");
  return display.empty() ? "DISPLAY is not set"
                         : "DISPLAY=" + std::string(display) + " does not answer";
}

}  // namespace

/// A display that answers. highgui (Qt) aborts the process if there is none, or if DISPLAY names
/// one that is gone; so X is asked first, with the library that Qt uses. The connection stays: an X
/// server may restart itself (Xvfb does) when its last client leaves, which would be the moment Qt
/// arrives.
class Display {
 public:
  static std::optional<Display> find() {
    Display display;
    const auto platform = environment("QT_QPA_PLATFORM");
    if (!platform.empty() && !platform.starts_with("xcb") && !platform.starts_with("wayland")) {
      return display;  // offscreen, vnc …: the user chose one that needs no X
    }
    display.connection_.reset(xcb_connect(nullptr, nullptr));
    if (xcb_connection_has_error(display.connection_.get()) != 0) return std::nullopt;
    const auto screens = xcb_setup_roots_iterator(xcb_get_setup(display.connection_.get()));
    if (screens.rem == 0) return std::nullopt;
    display.size_ = {screens.data->width_in_pixels, screens.data->height_in_pixels};
    // Qt shall use what answered; Wayland desktops speak X too, and Debian's Qt nothing else.
    ::setenv("QT_QPA_PLATFORM", "xcb", 1);
    return display;
  }

  cv::Size size() const { return size_; }

 private:
  struct Disconnect {
    void operator()(xcb_connection_t* connection) const { xcb_disconnect(connection); }
  };

  std::unique_ptr<xcb_connection_t, Disconnect> connection_;
  cv::Size size_{1920, 1080};
};

/// A place on the screen that no other window of vcengine has, of any circuit: its number is an
/// abstract socket's name, which the kernel frees when the process ends, however it ends.
class Place {
 public:
  static constexpr int kPlaces = 64;

  Place() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    for (number_ = 0; number_ < kPlaces; ++number_) {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      const auto name =
          "vcengine-screen-" + std::to_string(::getuid()) + '-' + std::to_string(number_);
      std::memcpy(address.sun_path + 1, name.data(), name.size());  // the leading 0: abstract
      const auto length = offsetof(sockaddr_un, sun_path) + 1 + name.size();
      if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address),
                 static_cast<socklen_t>(length)) == 0) {
        return;
      }
    }
    number_ = 0;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    if (socket_ >= 0) ::close(socket_);
  }

  /// Two by two on the display, then again a little lower and to the right.
  cv::Rect on(cv::Size display) const {
    const cv::Size size(display.width / 2, display.height / 2);
    const int shift = number_ / 4 * 40;
    return {cv::Point(number_ % 2 * size.width + shift, number_ / 2 % 2 * size.height + shift),
            size};
  }

 private:
  int socket_;
  int number_ = 0;
};

struct Screen final : Block {
  In<Image> image{this, "image", "Pictures to show"};
  Param<std::string> title{this, "title", {.init = "vcengine"}, "Title of the window"};
  Param<int> x{this,
               "x",
               {.min = -1, .max = 32767, .init = -1},
               "Left edge in pixels of the display; -1: where no other window of vcengine is"};
  Param<int> y{this, "y", {.min = -1, .max = 32767, .init = -1}, "Upper edge; -1: likewise"};

  void start() override {
    display_ = Display::find();
    if (!display_) {
      log_info("no window, frames are only counted (" + why_no_display() +
               "); to look at them write a video: circuits/edges_to_file.yaml shows how");
      return;
    }
    place_.emplace();
    cv::namedWindow(title, cv::WINDOW_NORMAL | cv::WINDOW_KEEPRATIO | cv::WINDOW_GUI_NORMAL);
    open_ = true;
    report_window(true);
    idle_every(std::chrono::milliseconds{20});
  }

  void process() override {
    if (!open_) return;
    if (image->channels() == 2 || image->channels() > 4) {
      throw FrameError("cannot show " + to_string(image.header().type) +
                       "; a picture has 1, 3 or 4 channels");
    }
    cv::imshow(title, *image);
    if (size_ != image->size()) fit_window(image->size());
    look_at_keys();
  }

  void idle() override {
    if (open_) look_at_keys();
  }

  /// The last picture stays until somebody has seen it.
  void drain() override {
    if (!open_ || size_.empty() || stopping()) return;
    log_info("the end; press a key in the window '" + title.get() + "' to close it");
    while (!stopping() && open_) {
      if (cv::waitKey(50) >= 0) stop_circuit("a key was pressed in '" + title.get() + "'");
      notice_closing();
    }
  }

  void stop() override {
    if (open_) cv::destroyAllWindows();
    if (open_) report_window(false);
    place_.reset();
    display_.reset();
  }

 private:
  static constexpr int kTitleBar = 48;  ///< room for what window managers put around a window
  static constexpr int kEscape = 27;

  void fit_window(cv::Size picture) {
    auto place = place_->on(display_->size());
    if (x >= 0 && y >= 0) place = {{}, display_->size()};
    const double scale = std::min({1.0, static_cast<double>(place.width) / picture.width,
                                   static_cast<double>(place.height - kTitleBar) / picture.height});
    cv::resizeWindow(title, static_cast<int>(picture.width * scale),
                     static_cast<int>(picture.height * scale));
    if (size_.empty()) cv::moveWindow(title, x >= 0 ? x : place.x, y >= 0 ? y : place.y);
    size_ = picture;
  }

  void look_at_keys() {
    const int key = cv::waitKey(1) & 0xff;  // also lets the window draw
    if (key == 'q' || key == kEscape) {
      stop_circuit(std::string(key == 'q' ? "q" : "Escape") + " was pressed in '" + title.get() +
                   "'");
    }
    notice_closing();
  }

  bool is_visible() const {
    try {
      return cv::getWindowProperty(title, cv::WND_PROP_VISIBLE) > 0;
    } catch (const cv::Exception&) {  // how Qt says that its last window is gone
      return false;
    }
  }

  void notice_closing() {
    if (!open_ || is_visible()) return;
    open_ = false;
    report_window(false);
    stop_circuit("the window '" + title.get() + "' was closed");
  }

  std::optional<Display> display_;
  std::optional<Place> place_;
  bool open_ = false;
  cv::Size size_;  ///< of the picture on screen
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::Screen>("io.screen", "Shows pictures in a window", {.window = true});
}
