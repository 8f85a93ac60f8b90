/// What a circuit file says of blocks that die.
#include <gtest/gtest.h>

#include <string>

#include "engine/circuit/circuit_parser.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;

Circuit parsed(std::string text) {
  return parse_circuit_text(std::move(text), "c.yaml", [](const auto&) { return std::nullopt; });
}

Supervision said(const std::string& of_block, const std::string& defaults = "{}") {
  return parsed("defaults: " + defaults + "\nblocks:\n  a: {type: b.c, " + of_block + "}\n")
      .blocks.at(0)
      .supervision;
}

std::string refusal_of(const std::string& of_block) {
  try {
    said(of_block);
  } catch (const CircuitError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(CircuitSupervisionTest, ABlockIsStartedAgainUnlessItsFileSaysOtherwise) {
  const auto sut = said("rate: 1");
  EXPECT_EQ(RestartWhen::on_failure, sut.restart);
  EXPECT_EQ(100ms, sut.backoff.first);
  EXPECT_EQ(2, sut.backoff.factor);
  EXPECT_EQ(5s, sut.backoff.limit);
  EXPECT_EQ(5, sut.intensity.deaths);
  EXPECT_EQ(10s, sut.intensity.within);
  EXPECT_FALSE(sut.timeout);
  EXPECT_EQ(60s, sut.start_timeout);
  EXPECT_EQ(OnGiveUp::stop, sut.on_give_up);
  EXPECT_EQ(OnCrash::skip, sut.on_crash);
}

TEST(CircuitSupervisionTest, EachWordOfRestartIsRead) {
  EXPECT_EQ(RestartWhen::never, said("restart: never").restart);
  EXPECT_EQ(RestartWhen::on_failure, said("restart: on_failure").restart);
  EXPECT_EQ(RestartWhen::always, said("restart: always").restart);
}

TEST(CircuitSupervisionTest, EachKeyIsRead) {
  const auto sut = said(
      "restart: never, backoff: {first: 1ms, factor: 1.5, limit: 2s}, "
      "intensity: {deaths: 9, within: 60s}, timeout: 40ms, start_timeout: 3s, on_give_up: degrade, "
      "on_crash: retry");
  EXPECT_EQ(RestartWhen::never, sut.restart);
  EXPECT_EQ(1ms, sut.backoff.first);
  EXPECT_EQ(1.5, sut.backoff.factor);
  EXPECT_EQ(2s, sut.backoff.limit);
  EXPECT_EQ(9, sut.intensity.deaths);
  EXPECT_EQ(60s, sut.intensity.within);
  EXPECT_EQ(40ms, sut.timeout);
  EXPECT_EQ(3s, sut.start_timeout);
  EXPECT_EQ(OnGiveUp::degrade, sut.on_give_up);
  EXPECT_EQ(OnCrash::retry, sut.on_crash);
}

TEST(CircuitSupervisionTest, WhatABlockDoesNotSayIsAsTheDefaultsSay) {
  const auto sut =
      said("backoff: {factor: 4}", "{restart: never, backoff: {first: 7ms}, timeout: 1s}");
  EXPECT_EQ(RestartWhen::never, sut.restart);
  EXPECT_EQ(7ms, sut.backoff.first);
  EXPECT_EQ(4, sut.backoff.factor);
  EXPECT_EQ(1s, sut.timeout);
}

TEST(CircuitSupervisionTest, TheLimitIsNoLessThanTheFirstWait) {
  EXPECT_EQ(20s, said("backoff: {first: 20s}").backoff.limit);
}

TEST(CircuitSupervisionTest, MistakesAreNamed) {
  const auto names = [](const std::string& text, const std::string& part) {
    const auto refusal = refusal_of(text);
    EXPECT_NE(refusal.find(part), std::string::npos) << refusal;
  };
  names("restart: sometimes", "no restart 'sometimes'; there are never, on_failure and always");
  names("on_give_up: die", "no on_give_up 'die'; there are stop and degrade");
  names("on_crash: ignore", "no on_crash 'ignore'; there are skip and retry");
  names("timeout: 5", "'timeout' needs a unit, such as 5ms or 5s");
  names("timeout: 0s", "'timeout' must be a duration above 0");
  names("start_timeout: -3s", "'start_timeout' must be a duration above 0");
  names("backoff: 100ms", "'backoff' must be a map such as {first: 100ms, factor: 2, limit: 5s}");
  names("backoff: {factor: 0.5}", "'factor' must be at least 1");
  names("backoff: {frist: 1s}", "did you mean 'first'?");
  names("intensity: {deaths: 0}", "'deaths' must be");
  names("intensity: {deaths: 1, within: 0}", "'within' must be a duration above 0");
  names("restrat: never", "did you mean 'restart'?");
}

}  // namespace
}  // namespace vcengine
