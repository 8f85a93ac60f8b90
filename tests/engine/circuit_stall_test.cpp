/// What a circuit file says of readers that take nothing.
#include <gtest/gtest.h>

#include "engine/commands/plan_words.hpp"
#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;

/// A file or a camera, and a sink behind a wire that says `more`.
std::string file_with(const std::string& more, const std::string& source = "io.video_file") {
  return "blocks:\n  src: {type: " + source +
         ", params: {}}\n  view: {type: io.screen}\n"
         "wires:\n  - {from: src.frames, to: view.image, " +
         more + "}\n";
}

std::optional<StallRule> rule_of(const std::string& more, CheckOptions options = {}) {
  return plan_of(file_with(more), options).wires.at(0).stall;
}

void expect_refused(const std::string& text, const std::string& part) {
  std::string refusal = "accepted";
  try {
    refusal = refusal_of(text);
  } catch (const CircuitError& error) {  // of the parser
    refusal = error.what();
  }
  EXPECT_NE(refusal.find(part), std::string::npos) << refusal;
}

TEST(CircuitStallTest, WithoutItAReaderMayTakeForEver) { EXPECT_FALSE(rule_of("depth: 2")); }

TEST(CircuitStallTest, WhatItDoesNotSayIsFiveSecondsAndAWarning) {
  for (const auto* more : {"stall: {}", "stall:"}) {
    const auto sut = rule_of(more);
    ASSERT_TRUE(sut);
    EXPECT_EQ(5s, sut->after);
    EXPECT_EQ(OnStall::warn, sut->then);
  }
}

TEST(CircuitStallTest, EachWordIsRead) {
  EXPECT_EQ(OnStall::warn, rule_of("stall: {then: warn}")->then);
  EXPECT_EQ(OnStall::kill_reader, rule_of("stall: {then: kill_reader}")->then);
  EXPECT_EQ(OnStall::drop_oldest, rule_of("stall: {then: drop_oldest}")->then);
  EXPECT_EQ(40ms, rule_of("stall: {after: 40ms}")->after);
}

TEST(CircuitStallTest, AWireThatDropsNeverStalls) {
  expect_refused(file_with("policy: drop_oldest, stall: {}"),
                 "the wire into 'view.image' drops frames and never stalls; leave out 'stall', or "
                 "say 'policy: wait'");
  expect_refused(file_with("stall: {}", "io.camera"), "for 'src' is live");
  EXPECT_TRUE(plan_of(file_with("policy: wait, stall: {}", "io.camera")).wires.at(0).stall);
}

TEST(CircuitStallTest, OfflineNothingIsDropped) {
  const CheckOptions offline{.offline = true};
  EXPECT_EQ(OnStall::warn, rule_of("stall: {then: drop_oldest}", offline)->then);
  EXPECT_EQ(OnStall::kill_reader, rule_of("stall: {then: kill_reader}", offline)->then);
}

TEST(CircuitStallTest, MistakesAreNamed) {
  expect_refused(file_with("stall: 5s"),
                 "'stall' must be a map such as {after: 5s, then: kill_reader}");
  expect_refused(file_with("stall: {after: 5}"), "'after' needs a unit, such as 5ms or 5s");
  expect_refused(file_with("stall: {after: 0s}"), "'after' must be a duration above 0");
  expect_refused(file_with("stall: {then: kill}"),
                 "no then 'kill'; there are warn, kill_reader and drop_oldest");
  expect_refused(file_with("stall: {afer: 5s}"), "did you mean 'after'?");
}

TEST(CircuitStallTest, TheReasonOfTheWireTellsOfIt) {
  EXPECT_EQ("no frame is lost, its reader is killed after a stall of 2.5 s",
            why(plan_of(file_with("stall: {after: 2500ms, then: kill_reader}")), 0));
}

}  // namespace
}  // namespace vcengine
