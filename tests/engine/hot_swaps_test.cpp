#include "engine/run/hot_swaps.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "tests/engine/fake_swappable_run.hpp"
#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;
using Said = std::vector<std::string>;

class HotSwapsTest : public ::testing::Test {
 protected:
  static Plan plan() {
    return plan_of(
        "blocks:\n"
        "  camera: {type: io.video_file, params: {path: vtest.avi}}\n"
        "  detect: {type: vision.edge_detector}\n"
        "  view:   {type: io.screen}\n"
        "wires: [camera.frames -> detect.image, detect.edges -> view.image]\n");
  }

  void begin() {
    auto next = plan();
    next.blocks[1].type.plugin = "new.so";
    sut_.begin(1, std::make_shared<const Plan>(std::move(next)),
               [this](const std::string& problem) { outcomes_.push_back(problem); });
  }
  void begin_loaded() {
    begin();
    run_.load("detect", sut_);
  }
  /// Until its successor runs.
  void exchange() {
    begin_loaded();
    sut_.check_times(now_);
    run_.phases[1] = WorkerPhase::down;
    sut_.check_times(now_);
    run_.phases[1] = WorkerPhase::running;
    sut_.runs(1);
  }

  FakeSwappableRun run_{plan()};
  HotSwaps sut_{run_};
  HotSwaps::Clock::time_point now_ = HotSwaps::Clock::now();
  Said outcomes_;
};

TEST_F(HotSwapsTest, NobodyIsAskedToLeaveBeforeTheNewProcessIsLoaded) {
  begin();
  sut_.check_times(now_);
  EXPECT_EQ(Said{}, run_.said);
  run_.load("detect", sut_);
  sut_.check_times(now_);
  sut_.check_times(now_);
  EXPECT_EQ(Said{"leave detect"}, run_.said);
}

TEST_F(HotSwapsTest, TheNewProcessTakesThePlaceThatWasLeftAndIsDoneWhenItRuns) {
  begin_loaded();
  sut_.check_times(now_);
  run_.phases[1] = WorkerPhase::down;
  sut_.check_times(now_);
  EXPECT_EQ((Said{"leave detect", "take place detect"}), run_.said);
  EXPECT_EQ("new.so", run_.plan().blocks[1].type.plugin);
  EXPECT_TRUE(sut_.is_under_way(1));
  EXPECT_EQ(Said{}, outcomes_);
  sut_.runs(1);
  EXPECT_FALSE(sut_.is_under_way(1));
  EXPECT_EQ(Said{""}, outcomes_);
}

TEST_F(HotSwapsTest, AProcessThatDiedMeanwhileLeavesItsPlaceToo) {
  begin();
  run_.phases[1] = WorkerPhase::down;
  run_.load("detect", sut_);
  sut_.check_times(now_);
  EXPECT_EQ(Said{"take place detect"}, run_.said);
}

TEST_F(HotSwapsTest, ABlockThatDoesNotEndItsProcessStays) {
  begin_loaded();
  sut_.check_times(now_);
  sut_.check_times(now_ + HotSwaps::kLeaveTime + 1s);
  EXPECT_EQ((Said{"leave detect", "stay detect", "bury detect"}), run_.said);
  ASSERT_EQ(1U, outcomes_.size());
  EXPECT_EQ(0U, outcomes_[0].find("the block has been in process() for 10 s"));
}

TEST_F(HotSwapsTest, ANewProcessThatDoesNotLoadIsGivenUp) {
  begin();
  sut_.check_times(now_ + 61s);
  EXPECT_EQ(Said{"it hangs, starting up"}, outcomes_);
  EXPECT_EQ(Said{"bury detect"}, run_.said);
}

TEST_F(HotSwapsTest, WhatTheNewProcessSaysWhenItFailsIsTold) {
  begin();
  run_.candidates.at("detect").send({{"op", "failed"}, {"text", "no such camera"}});
  FakeSwappableRun::handle(sut_);
  sut_.check_times(now_);
  EXPECT_EQ(Said{"no such camera"}, outcomes_);
}

TEST_F(HotSwapsTest, NonsenseFromTheNewProcessIsTold) {
  begin();
  run_.candidates.at("detect").send({{"op", "ready"}});
  FakeSwappableRun::handle(sut_);
  sut_.check_times(now_);
  EXPECT_EQ(Said{"its control messages make no sense: it sent 'ready' while starting up"},
            outcomes_);
}

TEST_F(HotSwapsTest, WithinItsProbationTheBuildBeforeComesBack) {
  exchange();
  const auto before = sut_.falls_back(1);
  ASSERT_TRUE(before);
  EXPECT_NE("new.so", before->type.plugin);
  EXPECT_FALSE(sut_.falls_back(1)) << "once";
}

TEST_F(HotSwapsTest, AfterItsProbationItIsABuildLikeAnyOther) {
  exchange();
  EXPECT_TRUE(sut_.holds(1));
  sut_.check_times(HotSwaps::Clock::now() + HotSwaps::kProbation + 1s);
  EXPECT_FALSE(sut_.holds(1));
  EXPECT_FALSE(sut_.falls_back(1));
}

namespace {

/// How many descriptors this process has of a file.
std::ptrdiff_t descriptors_of(const std::filesystem::path& file) {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::count_if(begin(all), end(all), [&](const auto& entry) {
    std::error_code error;
    return std::filesystem::read_symlink(entry.path(), error).string().starts_with(file.string());
  });
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream bytes(file);
  return {std::istreambuf_iterator<char>(bytes), {}};
}

}  // namespace

TEST_F(HotSwapsTest, TheBuildBeforeIsHeldForAsLongAsItMayComeBack) {
  const TemporaryFolder folder;
  run_.running_from = folder.write("old.so", "the build before");
  exchange();
  EXPECT_EQ(1, descriptors_of(run_.running_from));
  sut_.check_times(HotSwaps::Clock::now() + HotSwaps::kProbation + 1s);
  EXPECT_EQ(0, descriptors_of(run_.running_from)) << "the new one has proved itself";
  exchange();
  sut_.falls_back(1);
  EXPECT_EQ(0, descriptors_of(run_.running_from)) << "it is back, and its file is where it was";
  exchange();
  folder.write("new.so", "another build");
  std::filesystem::rename(folder.path() / "new.so", run_.running_from);
  const auto before = sut_.falls_back(1);
  EXPECT_EQ(1, descriptors_of(run_.running_from)) << "it is back, and has no file any more";
  EXPECT_EQ("the build before", contents_of(before->type.plugin));
}

TEST_F(HotSwapsTest, OneThatDiesBeforeItRunsIsNoSuccess) {
  begin_loaded();
  run_.phases[1] = WorkerPhase::down;
  sut_.check_times(now_);
  EXPECT_TRUE(sut_.falls_back(1));
  EXPECT_EQ(Said{"it died before it ran; the build before it is back"}, outcomes_);
}

TEST_F(HotSwapsTest, ABlockThatHasEndedIsNotExchanged) {
  begin_loaded();
  run_.phases[1] = WorkerPhase::finished;
  sut_.check_times(now_);
  EXPECT_EQ(Said{"the block has ended"}, outcomes_);
}

TEST_F(HotSwapsTest, NothingIsExchangedInACircuitThatEnds) {
  begin_loaded();
  sut_.stop();
  sut_.check_times(now_);
  EXPECT_EQ(Said{"the circuit is stopping"}, outcomes_);
  EXPECT_EQ(Said{"bury detect"}, run_.said);
}

}  // namespace
}  // namespace vcengine
