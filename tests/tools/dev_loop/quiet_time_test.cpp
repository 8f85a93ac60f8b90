#include "engine/control/quiet_time.hpp"

#include <gtest/gtest.h>

namespace vcengine::test {

using namespace std::chrono_literals;

class QuietTimeTest : public ::testing::Test {
 protected:
  QuietTime sut_{80ms};
  const QuietTime::Time start_{1h};
};

TEST_F(QuietTimeTest, IsNotDueBeforeAnythingHappens) {
  EXPECT_FALSE(sut_.due(start_ + 1h));
  EXPECT_FALSE(sut_.due_at());
}

TEST_F(QuietTimeTest, IsDueOnceTheTimeIsOverAndOnlyOnce) {
  sut_.event(start_);
  EXPECT_FALSE(sut_.due(start_ + 79ms));
  EXPECT_TRUE(sut_.due(start_ + 80ms));
  EXPECT_FALSE(sut_.due(start_ + 1h));
}

TEST_F(QuietTimeTest, EachEventPutsItOff) {
  sut_.event(start_);
  sut_.event(start_ + 60ms);
  EXPECT_FALSE(sut_.due(start_ + 100ms));
  EXPECT_EQ(start_ + 140ms, sut_.due_at());
  EXPECT_TRUE(sut_.due(start_ + 140ms));
}

}  // namespace vcengine::test
