/// A join that gets nothing says why, once.
#include "engine/run/join_watch.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

using namespace std::chrono_literals;

enum Block : std::size_t { camera, slow, paint };
enum Wire : std::size_t { to_slow, over, image };

/// camera -> slow -> paint.over, camera -> paint.image; figures as the pages would give them.
class JoinWatchTest : public testing::Test {
 protected:
  JoinWatchTest() {
    for (const auto* name : {"camera", "slow", "paint"}) {
      plan_.blocks.emplace_back().name = name;
      figures.blocks.emplace_back().name = name;
    }
    figures.blocks[camera].is_source = true;
    add_wire(camera, "frames", slow, "in");
    add_wire(slow, "out", paint, "over");
    add_wire(camera, "frames", paint, "image");
    sut_.emplace(plan_);
    EXPECT_TRUE(after(0ms).empty());
  }

  void publish(Wire wire, std::chrono::nanoseconds stamp) {
    ++figures.wires[wire].published;
    ++figures.wires[wire].in_flight;
    figures.wires[wire].newest_stamp = stamp;
  }
  std::vector<std::string> after(std::chrono::milliseconds time) {
    now_ += time;
    return sut_->look(figures, now_);
  }
  /// The only sentence after a second.
  std::string sentence() {
    EXPECT_TRUE(after(999ms).empty());
    const auto said = after(1ms);
    EXPECT_EQ(said.size(), 1U);
    return said.empty() ? "" : said.front();
  }

  RunStats figures;

 private:
  void add_wire(Block from, const char* output, Block to, const char* input) {
    auto& wire = plan_.wires.emplace_back();
    wire.from_block = from;
    wire.from_port = output;
    wire.to_block = to;
    wire.to_port = input;
    auto& stats = figures.wires.emplace_back();
    stats.from = plan_.blocks[from].name + "." + output;
    stats.to = plan_.wire_name(plan_.wires.size() - 1);
  }

  Plan plan_;
  std::optional<JoinWatch> sut_;
  JoinWatch::TimePoint now_{1h};
};

TEST_F(JoinWatchTest, SaysThatABranchBroughtNothingYet) {
  publish(image, 0ms);
  EXPECT_EQ(sentence(),
            "block paint has put nothing together for 1 s: nothing has come through 'over' yet "
            "(from slow.out)");
}

TEST_F(JoinWatchTest, SaysWhichInputIsBehindByHowMuchAndWhatWasDroppedOnItsWay) {
  publish(over, 3s);
  publish(image, 4200ms);
  after(0ms);
  figures.wires[to_slow].dropped = {{"superseded", 37}};
  figures.wires[image].dropped = {{"unmatched", 31}};
  EXPECT_EQ(sentence(),
            "block paint has put nothing together for 1 s: 'over' is 1.200 s behind 'image' (at "
            "3.000 s and 4.200 s); dropped meanwhile: 31 unmatched on camera.frames -> "
            "paint.image, 37 superseded on camera.frames -> slow.in");
}

TEST_F(JoinWatchTest, SaysWhoHasBeenAtOneFrameForLong) {
  publish(over, 1s);
  publish(image, 2s);
  figures.blocks[slow].at_work = 1300ms;
  EXPECT_NE(sentence().find("; slow has been at one frame for 1.300 s"), std::string::npos);
}

TEST_F(JoinWatchTest, SaysThatStampsAreTooFarApart) {
  publish(over, 1s);
  publish(image, 1s);
  after(0ms);
  publish(over, 4187ms);
  publish(image, 4200ms);
  const auto said = sentence();
  EXPECT_NE(said.find("further apart than 0.000 s ('over' is at 4.187 s, 'image' at 4.200 s)"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("sync: {tolerance: …}"), std::string::npos);
}

TEST_F(JoinWatchTest, SaysItOnce) {
  publish(image, 0ms);
  sentence();
  publish(image, 1s);
  EXPECT_TRUE(after(10'000ms).empty());
}

TEST_F(JoinWatchTest, IsContentAsLongAsFramesMeet) {
  for (int i = 0; i < 10; ++i) {
    publish(image, i * 900ms);
    ++figures.blocks[paint].frames;
    EXPECT_TRUE(after(900ms).empty());
  }
}

TEST_F(JoinWatchTest, IsContentWhereNothingComes) {
  EXPECT_TRUE(after(60'000ms).empty());
  publish(image, 0ms);
  EXPECT_TRUE(after(900ms).empty()) << "the second begins with the first frame";
}

TEST_F(JoinWatchTest, SaysNothingOfAJoinThatHasEnded) {
  publish(image, 0ms);
  figures.blocks[paint].finished = true;
  EXPECT_TRUE(after(5'000ms).empty());
}

}  // namespace
}  // namespace vcengine
