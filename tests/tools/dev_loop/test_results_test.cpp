#include "tools/dev_loop/test_results.hpp"

#include <gtest/gtest.h>

namespace vcengine::test {

namespace {

constexpr const char* kResults = R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Linux-c++" tests="3" failures="1" disabled="0" skipped="1">
  <testcase name="My.Good" classname="My.Good" time="0.01" status="run"><system-out>fine</system-out></testcase>
  <testcase name="My.Bad" classname="My.Bad" time="0.01" status="fail">
    <failure message=""/>
    <system-out>Running main() from gmock_main.cc
Note: Google Test filter = My.Bad
[==========] Running 1 test from 1 test suite.
[ RUN      ] My.Bad
/p/my_test.cpp:7: Failure
Expected: 1 &lt; 0
[  FAILED  ] My.Bad (0 ms)

 1 FAILED TEST
</system-out>
  </testcase>
  <testcase name="My.Other" classname="My.Other" time="0" status="notrun"><skipped message="SKIP"/></testcase>
</testsuite>
)";

}  // namespace

TEST(TestResultsTest, OnlyWhatFailedIsShownWithoutTheFrameOfGoogleTest) {
  EXPECT_EQ(
      "My.Bad\n"
      "  /p/my_test.cpp:7: Failure\n"
      "  Expected: 1 < 0\n"
      "1 of 2 tests failed, 1 skipped",
      to_string(read_test_results(kResults)));
}

TEST(TestResultsTest, PassesAreOneLine) {
  EXPECT_EQ("2 tests passed", to_string(TestResults{.passed = 2, .skipped = 0, .failed = {}}));
  EXPECT_EQ("no tests", to_string(TestResults{}));
}

TEST(TestResultsTest, ALongTextIsCut) {
  std::string text;
  for (int i = 1; i <= 40; ++i) text += "line " + std::to_string(i) + "\n";
  const auto results =
      read_test_results("<testsuite><testcase name=\"a\" status=\"fail\"><system-out>" + text +
                        "</system-out></testcase></testsuite>");
  EXPECT_TRUE(results.failed.at(0).text.ends_with("  line 30\n  and 10 more lines\n"));
}

TEST(TestResultsTest, WhatIsNoResultThrows) {
  EXPECT_THROW(read_test_results(""), std::runtime_error);
  EXPECT_THROW(read_test_results("<other/>"), std::runtime_error);
}

}  // namespace vcengine::test
