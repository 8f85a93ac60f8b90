#include "plugins/io/screen.cpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>

#include "vcengine/harness.hpp"

namespace vcengine::io {
namespace {

cv::Mat picture(int width = 320, int height = 240) {
  return {height, width, CV_8UC3, cv::Scalar(0, 128, 255)};
}

/// A display without a monitor, for as long as this process lives: Qt does not survive its end.
std::optional<std::string> virtual_display() {
  static std::optional<std::string> name = []() -> std::optional<std::string> {
    int report[2];
    if (::pipe(report) != 0) return std::nullopt;
    if (::fork() == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::close(report[0]);
      const auto descriptor = std::to_string(report[1]);
      ::execlp("Xvfb", "Xvfb", "-displayfd", descriptor.c_str(), "-screen", "0", "1280x1024x24",
               "-nolisten", "tcp", nullptr);
      ::_exit(127);
    }
    ::close(report[1]);
    std::string number;
    for (char c = 0; ::read(report[0], &c, 1) == 1 && c != '\n';) number += c;
    ::close(report[0]);
    if (number.empty()) return std::nullopt;
    return ":" + number;
  }();
  return name;
}

/// The X window of that title, as soon as xdotool sees it: it gives up on a window that goes away
/// while it looks around.
unsigned find_window(const std::string& title) {
  const auto command = "xdotool search --name '^" + title + "$' 2>/dev/null";
  unsigned window = 0;
  while (window == 0) {
    FILE* search = ::popen(command.c_str(), "r");
    if (std::fscanf(search, "%u", &window) != 1) window = 0;
    ::pclose(search);
  }
  return window;
}

/// Presses a key in a window as a user would. xdotool's status says nothing: it complains if the
/// window is gone before the key is let go.
void press(const std::string& key, const std::string& title) {
  const auto window = std::to_string(find_window(title));
  const auto command = "xdotool key --window " + window + ' ' + key + " 2>/dev/null";
  [[maybe_unused]] const int status = std::system(command.c_str());
}

/// Sends what a window manager sends when its close button is clicked.
void click_close_button(const std::string& title) {
  const auto window = find_window(title);
  auto* x = xcb_connect(nullptr, nullptr);
  const auto atom = [x](std::string_view name) {
    const auto cookie = xcb_intern_atom(x, 0, static_cast<std::uint16_t>(name.size()), name.data());
    auto* reply = xcb_intern_atom_reply(x, cookie, nullptr);
    const auto value = reply->atom;
    std::free(reply);
    return value;
  };
  xcb_client_message_event_t event{};
  event.response_type = XCB_CLIENT_MESSAGE;
  event.format = 32;
  event.window = window;
  event.type = atom("WM_PROTOCOLS");
  event.data.data32[0] = atom("WM_DELETE_WINDOW");
  xcb_send_event(x, 0, window, XCB_EVENT_MASK_NO_EVENT, reinterpret_cast<const char*>(&event));
  std::free(
      xcb_get_input_focus_reply(x, xcb_get_input_focus(x), nullptr));  // the event is there now
  xcb_disconnect(x);
}

class ScreenOnDisplayTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto display = virtual_display();
    if (!display) GTEST_SKIP() << "Xvfb is needed (package xvfb)";
    if (std::system("command -v xdotool >/dev/null") != 0) GTEST_SKIP() << "xdotool is needed";
    ::setenv("DISPLAY", display->c_str(), 1);
  }

  static void show(BlockHarness<Screen>& sut, const cv::Mat& mat = picture()) {
    sut.put<Image>("image", mat);
    sut.step();
  }
  /// Pumps events as the worker does, until something ends the circuit.
  static std::string reason_after_idling(BlockHarness<Screen>& sut) {
    while (sut.stop_reason().empty()) static_cast<Block&>(sut.block()).idle();
    return sut.stop_reason();
  }
};

}  // namespace

TEST(ScreenTest, WithoutADisplayCountsFramesAndSaysOnceHowToLook) {
  ::unsetenv("DISPLAY");
  ::unsetenv("QT_QPA_PLATFORM");
  BlockHarness<Screen> sut;
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) sut.put<Image>("image", picture());
  sut.end("image");
  EXPECT_EQ(3U, sut.run());
  sut.stop();
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_NE(std::string::npos, log.find("DISPLAY is not set")) << log;
  EXPECT_NE(std::string::npos, log.find("edges_to_file.yaml")) << log;
  EXPECT_EQ(1, std::count(log.begin(), log.end(), '\n')) << log;
}

TEST(ScreenTest, AStaleDisplayDoesNotAbortTheProcess) {
  ::setenv("DISPLAY", ":4242", 1);
  ::unsetenv("QT_QPA_PLATFORM");
  BlockHarness<Screen> sut;
  testing::internal::CaptureStderr();
  sut.put<Image>("image", picture());
  EXPECT_TRUE(sut.step());
  EXPECT_NE(std::string::npos,
            testing::internal::GetCapturedStderr().find("DISPLAY=:4242 does not answer"));
}

TEST_F(ScreenOnDisplayTest, PressingQEndsTheCircuit) {
  BlockHarness<Screen> sut;
  sut.set("title", "view_q");
  show(sut);
  press("q", "view_q");
  EXPECT_EQ("q was pressed in 'view_q'", reason_after_idling(sut));
}

TEST_F(ScreenOnDisplayTest, PressingEscapeEndsTheCircuit) {
  BlockHarness<Screen> sut;
  sut.set("title", "view_escape");
  show(sut);
  press("Escape", "view_escape");
  EXPECT_EQ("Escape was pressed in 'view_escape'", reason_after_idling(sut));
}

TEST_F(ScreenOnDisplayTest, ClosingTheWindowEndsTheCircuit) {
  BlockHarness<Screen> sut;
  sut.set("title", "view_close");
  show(sut);
  click_close_button("view_close");
  EXPECT_EQ("the window 'view_close' was closed", reason_after_idling(sut));
}

TEST_F(ScreenOnDisplayTest, TheLastPictureStaysUntilAKeyIsPressed) {
  BlockHarness<Screen> sut;
  sut.set("title", "view_last");
  show(sut);
  sut.end("image");
  sut.run();
  std::thread user([] { press("space", "view_last"); });  // kept by X until drain() looks
  sut.stop();
  user.join();
  EXPECT_EQ("a key was pressed in 'view_last'", sut.stop_reason());
}

TEST_F(ScreenOnDisplayTest, TwoScreensDoNotOverlap) {
  BlockHarness<Screen> left, right;
  left.set("title", "view_left");
  right.set("title", "view_right");
  show(left, picture(1920, 1080));
  show(right, picture(1920, 1080));
  const auto a = cv::getWindowImageRect("view_left");
  const auto b = cv::getWindowImageRect("view_right");
  EXPECT_FALSE(a.empty());
  EXPECT_TRUE((a & b).empty()) << a << b;
}

TEST_F(ScreenOnDisplayTest, AWindowGoesWhereItIsTold) {
  BlockHarness<Screen> sut;
  sut.set("title", "view_place").set("x", 200).set("y", 300);
  show(sut);
  EXPECT_EQ(cv::Rect(200, 300, 320, 240), cv::getWindowImageRect("view_place"));
}

TEST_F(ScreenOnDisplayTest, ShowsWhateverAPictureHolds) {
  BlockHarness<Screen> sut;
  sut.set("title", "view_types");
  for (const int type : {CV_8UC1, CV_8UC3, CV_8UC4, CV_16UC1, CV_32FC3}) {
    EXPECT_NO_THROW(show(sut, cv::Mat(24, 32, type, cv::Scalar::all(1)))) << type;
  }
  EXPECT_THROW(show(sut, cv::Mat(24, 32, CV_8UC2, cv::Scalar::all(1))), FrameError);
}

}  // namespace vcengine::io
