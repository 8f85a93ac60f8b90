#include "engine/run/live_steps.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "engine/control/control_protocol.hpp"
#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

/// Blocks that say at once what their test wants them to say.
class ScriptedRun final : public ControlledRun {
 public:
  WorkerPhase phase(std::size_t block) const override {
    return gone == block ? WorkerPhase::down : WorkerPhase::running;
  }
  bool order(std::size_t block, const JsonObject& message) override {
    asked += text_of(message, "op") + std::to_string(block) + ' ';
    ids.emplace_back(block, integer_of(message, "id"));
    return true;
  }
  bool running() const override { return true; }
  bool stopping() const override { return false; }
  RunStats stats() const override { return {}; }
  void stop_on_request() override {}
  void start_paused(std::size_t, bool) override {}
  void swap(std::size_t, std::filesystem::path, std::function<void(const std::string&)>) override {}
  void restart(std::size_t, std::function<void(const std::string&)>) override {}
  void reload(Reload::OnOutcome) override {}
  void set_log_level(std::size_t, const std::string&) override {}
  void hold_back_clock(std::chrono::nanoseconds) override {}

  std::string asked;
  std::vector<std::pair<std::size_t, std::int64_t>> ids;
  std::size_t gone = 99;
};

class LiveStepsTest : public ::testing::Test {
 protected:
  /// The file has them against the stream.
  const Plan plan_ = plan_of(
      "blocks:\n"
      "  view: {type: io.screen}\n"
      "  detect: {type: vision.edge_detector}\n"
      "  camera: {type: io.camera}\n"
      "wires: [camera.frames -> detect.image, detect.edges -> view.image]\n");
  ScriptedRun run_;
  LiveOrders orders_{plan_, run_};
  LiveSteps sut_{plan_, orders_};
  std::vector<std::size_t> stepped_, waiting_, busy_;
  bool told_ = false;

  void begin(std::vector<LiveSteps::Wanted> blocks) {
    sut_.begin(std::move(blocks), [this](const LiveSteps::Result& result) {
      EXPECT_FALSE(std::exchange(told_, true));
      stepped_ = result.stepped;
      waiting_ = result.waiting;
      busy_ = result.busy;
    });
  }
  /// Who was asked last did this.
  void did(const char* what) {
    const auto [block, id] = run_.ids.back();
    orders_.answered(block, {{"id", id}, {"did", what}});
    orders_.check_times(LiveOrders::Clock::now());
  }
};

constexpr std::size_t kView = 0, kDetect = 1, kCamera = 2;
const std::vector<LiveSteps::Wanted> kAll{{kView}, {kDetect}, {kCamera}};
using Blocks = std::vector<std::size_t>;

TEST_F(LiveStepsTest, BlocksWorkInTheDirectionOfTheirFrames) {
  begin(kAll);
  for (int i = 0; i < 3; ++i) did("frame");
  EXPECT_EQ("step2 step1 step0 ", run_.asked);
  EXPECT_TRUE(told_);
  EXPECT_EQ((Blocks{kCamera, kDetect, kView}), stepped_);
}

TEST_F(LiveStepsTest, WhoHadNoRoomIsAskedAgainWhenOthersHaveMadeSome) {
  begin(kAll);
  did("room");
  did("frame");
  did("frame");
  did("frame");
  EXPECT_EQ("step2 step1 step0 rest2 ", run_.asked) << "it is not to work twice";
  EXPECT_EQ((Blocks{kCamera, kDetect, kView}), stepped_);
}

TEST_F(LiveStepsTest, ItEndsWhenARoundBringsNothing) {
  begin(kAll);
  did("room");
  did("nothing");
  did("frame");
  did("room");
  did("nothing");
  EXPECT_EQ("step2 step1 step0 rest2 step1 ", run_.asked);
  EXPECT_TRUE(told_);
  EXPECT_EQ(Blocks{kView}, stepped_);
  EXPECT_EQ((Blocks{kCamera, kDetect}), waiting_);
}

TEST_F(LiveStepsTest, OneThatIsStillAtWorkEndsItByName) {
  begin(kAll);
  orders_.check_times(LiveOrders::Clock::now() + 2 * kConfirmTime);
  EXPECT_TRUE(told_);
  EXPECT_EQ(Blocks{kCamera}, busy_);
}

TEST_F(LiveStepsTest, OneThatDiesOrDoesNotRunIsLeftOut) {
  run_.gone = kDetect;
  begin(kAll);
  orders_.block_ended(kCamera);
  const auto now = LiveOrders::Clock::now();
  for (int i = 0; i < 3; ++i) orders_.check_times(now);
  did("frame");
  EXPECT_TRUE(told_);
  EXPECT_EQ(Blocks{kView}, stepped_);
  EXPECT_EQ(Blocks{}, waiting_);
}

TEST_F(LiveStepsTest, TheNextStepBeginsWhenTheOneBeforeHasEnded) {
  begin({{kView}});
  sut_.begin({{kDetect}}, [](const auto&) {});
  EXPECT_EQ("step0 ", run_.asked);
  did("frame");
  EXPECT_EQ("step0 step1 ", run_.asked);
}

}  // namespace
}  // namespace vcengine
