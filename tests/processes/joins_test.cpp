/// Branches that meet again: frames are matched by their stamps, whatever each branch skips or
/// takes.
#include <gtest/gtest.h>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class JoinsTest : public HostTest {
 protected:
  /// The sums that reached the sink.
  std::vector<std::string> sums() const {
    std::vector<std::string> result;
    for (const auto& line : recorded("recorded.txt"))
      result.push_back(line.substr(line.rfind(' ') + 1));
    return result;
  }
};

TEST_F(JoinsTest, ABranchThatSkipsFramesNeverStallsTheJoin) {
  const auto figures =
      figures_of({circuit("blocks:\n"
                          "  count: {type: core.counter, params: {count: 1000}}\n"
                          "  some: {type: test.keep_every, params: {n: 10}}\n"
                          "  sum: {type: test.add}\n"
                          "  sink: {type: test.recorder}\n"
                          "wires:\n"
                          "  - count.number -> sum.left\n"
                          "  - count.number -> some.in\n"
                          "  - some.out -> sum.right\n"
                          "  - sum.sum -> sink.in\n")});
  const auto all = sums();
  ASSERT_EQ(100U, all.size());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(std::to_string(20 * (i + 1)), all[i]);
  const auto& left = figures.wires.at("sum.left");
  EXPECT_EQ(1000, left.published);
  EXPECT_EQ(100, left.taken);
  EXPECT_EQ(900, left.dropped.at("unmatched"));
  EXPECT_EQ(100, figures.wires.at("sum.right").taken);
}

TEST_F(JoinsTest, ABranchThatSkipsEverythingLetsTheCircuitEnd) {
  const auto figures =
      figures_of({circuit("blocks:\n"
                          "  count: {type: core.counter, params: {count: 300}}\n"
                          "  none: {type: test.keep_every, params: {n: 100000}}\n"
                          "  sum: {type: test.add}\n"
                          "  sink: {type: test.recorder}\n"
                          "wires:\n"
                          "  - count.number -> sum.left\n"
                          "  - count.number -> none.in\n"
                          "  - none.out -> sum.right\n"
                          "  - sum.sum -> sink.in\n")});
  EXPECT_TRUE(sums().empty());
  EXPECT_EQ(300, figures.wires.at("sum.left").dropped.at("unmatched"));
}

TEST_F(JoinsTest, BothBranchesMaySkipDifferentFrames) {
  figures_of(
      {circuit("blocks:\n"
               "  count: {type: core.counter, params: {count: 600}}\n"
               "  twos: {type: test.keep_every, params: {n: 2}}\n"
               "  threes: {type: test.keep_every, params: {n: 3}}\n"
               "  sum: {type: test.add}\n"
               "  sink: {type: test.recorder}\n"
               "wires:\n"
               "  - count.number -> twos.in\n"
               "  - count.number -> threes.in\n"
               "  - twos.out -> sum.left\n"
               "  - threes.out -> sum.right\n"
               "  - sum.sum -> sink.in\n")});
  const auto all = sums();
  ASSERT_EQ(100U, all.size());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(std::to_string(12 * (i + 1)), all[i]);
}

TEST_F(JoinsTest, BranchesOfUnequalLengthAndCostMeetFrameByFrame) {
  const auto figures =
      figures_of({circuit("blocks:\n"
                          "  count: {type: core.counter, params: {count: 200}}\n"
                          "  one: {type: test.keep_every, params: {pause: 1ms}}\n"
                          "  two: {type: test.keep_every}\n"
                          "  three: {type: test.keep_every, params: {pause: 2ms}}\n"
                          "  four: {type: core.scale, params: {factor: 10}}\n"
                          "  sum: {type: test.add}\n"
                          "  sink: {type: test.recorder}\n"
                          "wires:\n"
                          "  - count.number -> sum.left\n"
                          "  - count.number -> one.in\n"
                          "  - one.out -> two.in\n"
                          "  - two.out -> three.in\n"
                          "  - three.out -> four.in\n"
                          "  - four.out -> sum.right\n"
                          "  - sum.sum -> sink.in\n")});
  const auto all = sums();
  ASSERT_EQ(200U, all.size());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(std::to_string(11 * (i + 1)), all[i]);
  for (const auto& [name, wire] : figures.wires) EXPECT_EQ(0, wire.dropped_in_all()) << name;
}

}  // namespace vcengine::test
