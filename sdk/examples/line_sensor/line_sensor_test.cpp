#include "line_sensor.cpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vcengine/harness.hpp>

namespace {

/// A named pipe stands in for the serial port.
class LineSensorTest : public testing::Test {
 protected:
  LineSensorTest() {
    EXPECT_NE(::mkdtemp(folder_), nullptr);
    EXPECT_EQ(::mkfifo(pipe().c_str(), 0600), 0);
    sut_.set("device", pipe());
  }
  ~LineSensorTest() override { std::filesystem::remove_all(folder_); }

  std::string pipe() const { return std::string(folder_) + "/sensor"; }
  void say(const std::string& text) { std::ofstream(pipe()) << text << std::flush; }
  /// Until something is there: ctest's timeout watches.
  double next() {
    for (;;) {
      if (auto value = sut_.take<vcengine::Number>("values")) return **value;
      sut_.step();
    }
  }

  char folder_[32] = "/tmp/line_sensor_XXXXXX";
  vcengine::BlockHarness<LineSensor> sut_;
};

TEST_F(LineSensorTest, SendsANumberALine) {
  sut_.step();
  say("1.5\n-2\n");
  EXPECT_EQ(next(), 1.5);
  EXPECT_EQ(next(), -2);
}

TEST_F(LineSensorTest, PassesOverWhatIsNoNumber) {
  sut_.step();
  say("hello\n\n7\n");
  EXPECT_EQ(next(), 7);
}

TEST_F(LineSensorTest, ALineMayComeInPieces) {
  sut_.step();
  say("12");
  say("34\n");
  EXPECT_EQ(next(), 1234);
}

TEST_F(LineSensorTest, StopsWhileTheDeviceIsSilent) {
  sut_.step();
  sut_.stop();
}

TEST_F(LineSensorTest, ADeviceThatIsNotThereIsNamed) {
  vcengine::BlockHarness<LineSensor> sut;
  sut.set("device", std::string("/dev/no_such_port"));
  try {
    sut.step();
    FAIL() << "it opened";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/dev/no_such_port"));
  }
}

}  // namespace
