/// The host with a display: what keys and clicks in its windows do.
#include <gtest/gtest.h>

#include "tests/processes/support/display.hpp"
#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

namespace {

/// The source waits for a slot nearly always: each picture takes the second sink longer than it
/// took to draw.
constexpr const char* kEndless =
    "blocks:\n"
    "  pattern: {type: io.test_pattern, params: {rate: 100000}}\n"
    "  view: {type: io.screen, params: {title: endless}}\n"
    "  slow: {type: test.recorder, params: {pause: 20ms}}\n"
    "wires: [pattern.frames -> view.image, pattern.frames -> slow.in]\n";

constexpr const char* kThreePictures =
    "blocks:\n"
    "  pattern: {type: io.test_pattern, params: {frames: 3}}\n"
    "  view: {type: io.screen, params: {title: three pictures}}\n"
    "wires: [pattern.frames -> view.image]\n";

}  // namespace

class WindowsTest : public HostTest {
 protected:
  void SetUp() override {
    display_ = Display::open();
    if (!display_) GTEST_SKIP() << "Xvfb and xdotool are needed (packages xvfb, xdotool)";
  }

  Command with_display(std::vector<std::string> arguments) const {
    auto command = host(std::move(arguments));
    command.environment["DISPLAY"] = display_->name();
    return command;
  }
  const Display& display() const { return *display_; }

  /// A key pressed before a window shows anything may be lost; nobody presses one then.
  void wait_for_pictures(Process& host) const {
    host.wait_until([&] { return recorded("recorded.txt").size() > 20; }, "twenty pictures");
  }

 private:
  std::unique_ptr<Display> display_;
};

TEST_F(WindowsTest, QEndsTheCircuitWhileTheSourceWaitsForASlot) {
  Process sut(with_display({circuit(kEndless), "--fast"}));
  wait_for_pictures(sut);
  display().press("q", "endless");
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "view: q was pressed in 'endless', stopping"));
}

TEST_F(WindowsTest, QEndsTheShippedEdgesAndBothItsWindowsAreThere) {
  Process sut(with_display({(source_folder() / "circuits/edges.yaml").string()}));
  // The first status line: by then the windows have shown pictures, and a user may have seen them.
  sut.wait_for_errors("| view_colors ");
  EXPECT_TRUE(display().has_window("colors"));
  display().press("q", "edges");
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "view_edges: q was pressed in 'edges', stopping"));
}

TEST_F(WindowsTest, AWindowClosedByTheUserEndsTheCircuit) {
  Process sut(with_display({circuit(kEndless), "--fast"}));
  wait_for_pictures(sut);
  display().close("endless");
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "view: the window 'endless' was closed, stopping"));
}

TEST_F(WindowsTest, TheLastPictureStaysUntilAKeyIsPressed) {
  Process sut(with_display({circuit(kThreePictures), "--json"}));
  sut.wait_for_errors("press a key in the window 'three pictures' to close it");
  EXPECT_TRUE(display().has_window("three pictures"));
  display().press("space", "three pictures");
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_EQ(3, parse_report(sut.output()).blocks.at("view").frames);
}

TEST_F(WindowsTest, CtrlCClosesAWindowThatShowsItsLastPicture) {
  Process sut(with_display({circuit(kThreePictures)}));
  sut.wait_for_errors("press a key in the window");
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  EXPECT_FALSE(contains(sut.errors(), "does not stop"));
}

}  // namespace vcengine::test
