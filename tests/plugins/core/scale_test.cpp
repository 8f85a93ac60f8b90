#include "plugins/core/scale.cpp"

#include <gtest/gtest.h>

#include "vcengine/harness.hpp"

namespace vcengine::core {

TEST(ScaleTest, MultipliesThenAdds) {
  BlockHarness<Scale> sut;
  sut.set("factor", 3.0).set("offset", 0.5);
  sut.put<Number>("in", 2.0);
  sut.step();
  EXPECT_EQ(6.5, **sut.take<Number>("out"));
}

TEST(ScaleTest, InheritsTheStamp) {
  BlockHarness<Scale> sut;
  const Stamp stamp{1234};
  sut.put<Number>("in", 2.0, stamp);
  sut.step();
  EXPECT_EQ(stamp, sut.take<Number>("out")->stamp());
}

TEST(ScaleTest, ObeysASettingFromTheNextFrameOn) {
  BlockHarness<Scale> sut;
  sut.put<Number>("in", 1.0);
  sut.step();
  sut.set("factor", 10.0);
  sut.put<Number>("in", 1.0);
  sut.step();
  EXPECT_EQ(1, **sut.take<Number>("out"));
  EXPECT_EQ(10, **sut.take<Number>("out"));
}

}  // namespace vcengine::core
