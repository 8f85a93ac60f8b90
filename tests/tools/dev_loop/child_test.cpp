#include "tools/dev_loop/child.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <optional>

#include "tests/processes/support/proc.hpp"
#include "tests/processes/support/process.hpp"

namespace vcengine::test {

class ChildTest : public ::testing::Test {
 protected:
  void SetUp() override { adopt_orphans(); }

  /// Waits until it has written that.
  static void wait_for(Child& child, std::string_view text) {
    ASSERT_TRUE(eventually([&] {
      child.read_output();
      return child.output().find(text) != std::string::npos;
    }));
  }
};

TEST_F(ChildTest, KeepsWhatAProgramWritesAndItsStatus) {
  Child sut({.argv = {"sh", "-c", "echo out; echo err >&2; exit 7"}});
  EXPECT_EQ(7, sut.wait());
  EXPECT_EQ("out\nerr\n", sut.output());
}

TEST_F(ChildTest, AProgramThatIsNotThereEndsWith127) {
  EXPECT_EQ(127, Child({.argv = {"/no/such/program"}}).wait());
}

TEST_F(ChildTest, WhatAProgramLeavesBehindGoesWithIt) {
  Child sut({.argv = {"sh", "-c", "setsid sleep 1000 & exit 0"}});
  EXPECT_EQ(0, sut.wait());
  EXPECT_TRUE(no_children_left());
}

TEST_F(ChildTest, AskedToEndAllOfItEndsWhereverItHasGone) {
  Child sut({.argv = {"sh", "-c", "setsid sh -c 'echo inner; sleep 1000' & echo outer; sleep 1000"},
             .grace = std::chrono::seconds(0)});
  wait_for(sut, "inner");
  wait_for(sut, "outer");
  sut.ask_to_end();
  EXPECT_LE(128 + SIGKILL, sut.wait());  // or of the signal that came first
  EXPECT_TRUE(no_children_left());
}

TEST_F(ChildTest, WhoDoesNotListenIsKilledAfterTheGrace) {
  Child sut({.argv = {"sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1000; done"},
             .grace = std::chrono::seconds(0)});
  wait_for(sut, "deaf");
  sut.ask_to_end();
  EXPECT_EQ(128 + SIGKILL, sut.wait());
  EXPECT_TRUE(no_children_left());
}

TEST_F(ChildTest, IsAskedToEndOnce) {
  Child sut(
      {.argv = {"sh", "-c", "trap 'echo asked' TERM; sleep 1000 & echo ready; wait; sleep 0.2"},
       .grace = std::chrono::seconds(5)});
  wait_for(sut, "ready");
  sut.ask_to_end();
  sut.wait();
  EXPECT_EQ("ready\nasked\n", sut.output());
}

}  // namespace vcengine::test
