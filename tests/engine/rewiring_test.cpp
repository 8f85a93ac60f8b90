#include "engine/run/rewiring.hpp"

#include <gtest/gtest.h>

#include "tests/engine/fake_swappable_run.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;
using Said = std::vector<std::string>;

constexpr const char* kRunning =
    "blocks:\n"
    "  camera: {type: io.video_file, params: {path: vtest.avi}}\n"
    "  detect: {type: vision.edge_detector}\n"
    "  view:   {type: io.screen}\n"
    "wires: [camera.frames -> detect.image, detect.edges -> view.image]\n";
constexpr const char* kWithoutDetect =
    "blocks:\n"
    "  camera: {type: io.video_file, params: {path: vtest.avi}}\n"
    "  view:   {type: io.screen}\n"
    "wires: [camera.frames -> view.image]\n";

class RewiringTest : public ::testing::Test {
 protected:
  void leave(std::size_t block) {
    run_.phases[block] = WorkerPhase::down;
    static_cast<void>(sut_.is_ready(now_));
  }
  void load_all() {
    run_.load("camera", sut_);
    run_.load("view", sut_);
  }

  FakeSwappableRun run_{plan_of(kRunning)};
  Rewiring sut_{run_, plan_of(kWithoutDetect)};
  Rewiring::Clock::time_point now_ = Rewiring::Clock::now();
};

TEST_F(RewiringTest, NobodyLeavesBeforeAllThatIsNewIsLoaded) {
  run_.load("camera", sut_);
  EXPECT_FALSE(sut_.is_ready(now_));
  EXPECT_EQ(Said{}, run_.said);
  run_.load("view", sut_);
  EXPECT_FALSE(sut_.is_ready(now_));
  EXPECT_EQ(Said{"leave camera"}, run_.said);
}

TEST_F(RewiringTest, EachLeavesOnceThoseBeforeItHaveAndItsWiresAreEmpty) {
  load_all();
  run_.waiting = {2, 1};
  static_cast<void>(sut_.is_ready(now_));
  leave(0);
  EXPECT_EQ(Said{"leave camera"}, run_.said) << "detect has two frames to work on";
  run_.waiting = {0, 3};
  static_cast<void>(sut_.is_ready(now_));
  EXPECT_EQ((Said{"leave camera", "drain detect"}), run_.said);
  leave(1);
  run_.waiting = {0, 0};
  EXPECT_FALSE(sut_.is_ready(now_));
  EXPECT_EQ((Said{"leave camera", "drain detect", "leave view"}), run_.said);
  run_.phases[2] = WorkerPhase::down;
  EXPECT_TRUE(sut_.is_ready(now_));
  EXPECT_TRUE(sut_.losses().empty());
}

TEST_F(RewiringTest, WhoHasLeftIsNotStartedAgain) {
  load_all();
  EXPECT_FALSE(sut_.keeps_down(0));
  static_cast<void>(sut_.is_ready(now_));
  EXPECT_TRUE(sut_.keeps_down(0));
  EXPECT_FALSE(sut_.keeps_down(1));
}

TEST_F(RewiringTest, FramesThatWaitForSomethingThatDoesNotComeAreLostAndNamed) {
  load_all();
  run_.waiting = {2, 0};
  static_cast<void>(sut_.is_ready(now_));
  leave(0);
  EXPECT_FALSE(sut_.is_ready(now_ + Rewiring::kEmptyTime + 1s));
  EXPECT_EQ((Said{"leave camera", "drain detect"}), run_.said);
  EXPECT_EQ(Said{"2 frames on the wire into detect.image"}, sut_.losses());
}

TEST_F(RewiringTest, OneThatDoesNotLeaveStopsItAll) {
  load_all();
  static_cast<void>(sut_.is_ready(now_));
  EXPECT_FALSE(sut_.is_ready(now_ + Rewiring::kLeaveTime + 1s));
  EXPECT_EQ((Said{"leave camera", "stay camera"}), run_.said);
  EXPECT_EQ("camera has been in process() for 10 s", sut_.problem());
  EXPECT_FALSE(sut_.keeps_down(0));
}

TEST_F(RewiringTest, OneThatCannotLoadStopsItAll) {
  run_.load("camera", sut_);
  run_.candidates.at("view").send({{"op", "failed"}, {"text", "no display"}});
  FakeSwappableRun::handle(sut_);
  EXPECT_FALSE(sut_.is_ready(now_));
  EXPECT_EQ("view: no display", sut_.problem());
  EXPECT_EQ(Said{"bury view"}, run_.said);
}

TEST_F(RewiringTest, WhoHasDiedHasLeftIfNothingWaitsForItsSuccessor) {
  load_all();
  run_.phases[0] = WorkerPhase::down;
  run_.phases[1] = WorkerPhase::down;
  run_.waiting = {1, 0};
  static_cast<void>(sut_.is_ready(now_));
  EXPECT_TRUE(sut_.keeps_down(0));
  EXPECT_FALSE(sut_.keeps_down(1)) << "a frame waits for its successor";
  run_.phases[1] = WorkerPhase::starting;
  static_cast<void>(sut_.is_ready(now_));
  run_.phases[1] = WorkerPhase::running;
  run_.waiting = {0, 0};
  static_cast<void>(sut_.is_ready(now_));
  EXPECT_EQ(Said{"drain detect"}, run_.said);
}

}  // namespace
}  // namespace vcengine
