/// Real processes at a wire, killed at random, or one of them writing random bytes. At length by
/// hand: build/dev/tests/wire_stress --help.
#include <gtest/gtest.h>

#include <iostream>
#include <string>
#include <vector>

#include "tests/processes/support/process.hpp"

namespace vcengine::test {
namespace {

void expect_success(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), VCENGINE_WIRE_STRESS);
  const auto result = run({.argv = std::move(arguments), .environment = {}});
  EXPECT_EQ(result.status, 0) << result.errors;
  std::cout << result.output;
}

TEST(StressTest, TwoHundredKillsTearLoseAndRepeatNoFrame) {
  expect_success({"--kills", "200", "--seed", "1"});
}

TEST(StressTest, AnEvilReaderThatTheWriterWaitsForHarmsNobodyElse) {
  expect_success({"--hostile", "reader", "--seconds", "3"});
}

TEST(StressTest, AnEvilReaderOfTheNewestFramesHarmsNobodyElse) {
  expect_success({"--hostile", "latest_reader", "--seconds", "3"});
}

TEST(StressTest, AnEvilWriterCrashesAndHangsNobody) {
  expect_success({"--hostile", "writer", "--seconds", "3"});
}

TEST(StressTest, AWriterWhoseEntriesAreAlmostRightMakesNobodyReadOutsideItsPool) {
  expect_success({"--hostile", "lying_writer", "--seconds", "3"});
}

}  // namespace
}  // namespace vcengine::test
