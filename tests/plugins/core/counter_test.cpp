#include "plugins/core/counter.cpp"

#include <gtest/gtest.h>

#include "vcengine/harness.hpp"

namespace vcengine::core {

TEST(CounterTest, CountsFromOneByDefault) {
  BlockHarness<Counter> sut;
  sut.step();
  sut.step();
  EXPECT_EQ(1, **sut.take<Number>("number"));
  EXPECT_EQ(2, **sut.take<Number>("number"));
}

TEST(CounterTest, EndsAfterAsManyAsAskedFor) {
  BlockHarness<Counter> sut;
  sut.set("first", 10.0).set("step", -2.5).set("count", 3);
  EXPECT_EQ(3U, sut.run());
  EXPECT_TRUE(sut.finished());
  EXPECT_EQ(10, **sut.take<Number>("number"));
  EXPECT_EQ(7.5, **sut.take<Number>("number"));
  EXPECT_EQ(5, **sut.take<Number>("number"));
  EXPECT_FALSE(sut.take<Number>("number"));
}

TEST(CounterTest, RefusesANegativeCountWithTheRange) {
  BlockHarness<Counter> sut;
  EXPECT_THROW(sut.set("count", -1), ParamError);
}

TEST(CounterTest, ItsSuccessorCountsOnAndEndsWhereItWouldHave) {
  BlockHarness<Counter> sut;
  sut.set("count", 3);
  for (const int expected : {1, 2, 3}) {
    ASSERT_TRUE(sut.step());
    EXPECT_EQ(expected, **sut.take<Number>("number"));
    sut.restart();
  }
  sut.run();
  EXPECT_FALSE(sut.take<Number>("number")) << "three were sent before";
  EXPECT_TRUE(sut.finished());
}

}  // namespace vcengine::core
