#include "plugins/core/null.cpp"

#include <gtest/gtest.h>

#include "vcengine/harness.hpp"

namespace vcengine::core {

TEST(NullTest, TakesFramesOfEveryTypeAndEndsWithThem) {
  BlockHarness<Null> sut;
  sut.put<Number>("in", 1.0);
  sut.put<Text>("in", "two");
  sut.end("in");
  EXPECT_EQ(2U, sut.run());
  EXPECT_TRUE(sut.finished());
}

}  // namespace vcengine::core
