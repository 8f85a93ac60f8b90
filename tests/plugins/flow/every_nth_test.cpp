#include "plugins/flow/every_nth.cpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/plugins/message_of.hpp"
#include "vcengine/harness.hpp"

namespace vcengine::flow {
namespace {

/// Of the frames 0, 1 … 9, those that go through.
std::vector<int> passed_of_ten(int n, int offset) {
  BlockHarness<EveryNth> sut;
  sut.set("n", n).set("offset", offset);
  for (int i = 0; i < 10; ++i) sut.put<Number>("in", i);
  sut.run();
  std::vector<int> passed;
  while (const auto sent = sut.take<Number>("out")) passed.push_back(static_cast<int>(**sent));
  return passed;
}

}  // namespace

TEST(EveryNthTest, LetsTheFirstThroughAndEachNthFromThere) {
  EXPECT_EQ((std::vector{0, 3, 6, 9}), passed_of_ten(3, 0));
  EXPECT_EQ((std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), passed_of_ten(1, 0));
}

TEST(EveryNthTest, BeginsAfterTheOffset) {
  EXPECT_EQ((std::vector{1, 4, 7}), passed_of_ten(3, 1));
  EXPECT_EQ((std::vector{7, 9}), passed_of_ten(2, 7));
  EXPECT_EQ((std::vector<int>{}), passed_of_ten(2, 10));
}

TEST(EveryNthTest, TakesEachSecondUnlessToldOtherwise) {
  BlockHarness<EveryNth> sut;
  for (int i = 0; i < 4; ++i) sut.put<Number>("in", i);
  sut.run();
  EXPECT_EQ(0, **sut.take<Number>("out"));
  const auto second = sut.take<Number>("out");
  EXPECT_EQ(2, **second);
  EXPECT_EQ(std::chrono::milliseconds(80), second->stamp());
  EXPECT_FALSE(sut.take<Number>("out"));
}

TEST(EveryNthTest, RefusesNumbersThatMakeNoSenseWithTheRange) {
  BlockHarness<EveryNth> sut;
  EXPECT_EQ(0U, test::message_of([&] { sut.set("n", 0); }).find("'n' must be at least 1, not 0"));
  EXPECT_EQ(0U, test::message_of([&] {
                  sut.set("offset", -1);
                }).find("'offset' must be at least 0, not -1"));
}

TEST(EveryNthTest, ItsSuccessorCountsOn) {
  BlockHarness<EveryNth> sut;
  sut.set("n", 3);
  std::vector<int> passed;
  for (int i = 0; i < 10; ++i) {
    sut.put<Number>("in", i);
    sut.step();
    sut.restart();
    if (const auto sent = sut.take<Number>("out")) passed.push_back(static_cast<int>(**sent));
  }
  EXPECT_EQ((std::vector{0, 3, 6, 9}), passed);
}

}  // namespace vcengine::flow
