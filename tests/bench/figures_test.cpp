// What the benchmark makes of what it measured. Nothing is measured here.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/control/json.hpp"
#include "measure/cores.hpp"
#include "measure/figures_text.hpp"
#include "measure/goals.hpp"
#include "measure/program.hpp"
#include "measure/questions.hpp"
#include "measure/samples.hpp"
#include "measure/saved_run.hpp"

namespace vcengine::bench {
namespace {

/// 1, 2, … n in no order.
std::vector<double> shuffled(std::size_t n) {
  std::vector<double> samples(n);
  std::iota(samples.begin(), samples.end(), 1.0);
  std::ranges::shuffle(samples, std::mt19937(7));
  return samples;
}

const FigureKey kSpin{"spin/back_to_back/64B", std::string(kWire), "p50"};
const FigureKey kCacheLine{"spin/back_to_back", std::string(kLimit), "p50"};

JsonObject ratios_of(const Figures& figures) {
  return parse_json(json(figures, {})).at("ratios").as_object();
}

TEST(SamplesTest, AQuantileIsTheSmallestSampleThatEnoughDoNotExceed) {
  EXPECT_EQ(50, quantile(shuffled(100), 0.5));
  EXPECT_EQ(99, quantile(shuffled(100), 0.99));
  EXPECT_EQ(100, quantile(shuffled(100), 0.999));
  EXPECT_EQ(999, quantile(shuffled(1000), 0.999));
  EXPECT_EQ(7, quantile({7}, 0.01));
  EXPECT_THROW(quantile({}, 0.5), std::invalid_argument);
}

TEST(SamplesTest, TheMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle) {
  EXPECT_EQ(2, median({3, 1, 2}));
  EXPECT_EQ(2.5, median({4, 1, 3, 2}));
}

TEST(SamplesTest, FewSamplesHaveNoP999) {
  EXPECT_FALSE(quantiles(shuffled(999)).p999);
  EXPECT_EQ(1998, quantiles(shuffled(2000)).p999);
}

TEST(FiguresTest, ARatioIsTheMedianOfTheRoundsAndNotTheRatioOfTheMedians) {
  Figures sut;
  const double wire[] = {1, 20, 3};
  const double limit[] = {1, 10, 1};  // medians 3 and 1; round by round 1, 2 and 3
  for (int round = 0; round < 3; ++round) {
    sut.begin_round();
    sut.add(kSpin, "us", wire[round]);
    sut.add(kCacheLine, "us", limit[round]);
  }
  EXPECT_EQ(2, sut.ratio(kSpin, kCacheLine));
}

TEST(FiguresTest, ARatioTakesOnlyRoundsThatHaveBoth) {
  Figures sut;
  sut.begin_round();
  sut.add(kSpin, "us", 100);
  EXPECT_FALSE(sut.ratio(kSpin, kCacheLine));
  sut.begin_round();
  sut.add(kSpin, "us", 6);
  sut.add(kCacheLine, "us", 2);
  EXPECT_EQ(3, sut.ratio(kSpin, kCacheLine));
}

TEST(GoalsTest, HaveExactlyTheNamesThatProgramsRead) {
  const std::set<std::string> expected{"spin_over_cacheline",
                                       "iceoryx_over_spin",
                                       "sleep_over_futex",
                                       "sleep_p99_over_futex_p99",
                                       "hop_4k_over_64b",
                                       "lossless_64b_per_s",
                                       "publish_stopped_reader_over_none",
                                       "syscalls_per_frame_busy",
                                       "allocations_per_frame",
                                       "idle_cpu_percent",
                                       "edges_over_one_thread",
                                       "edges_over_limit",
                                       "edges_over_default_threads",
                                       "edges_over_threaded",
                                       "edges_over_gstreamer",
                                       "cpu_1080p30_over_plain",
                                       "forward_hop_over_ring",
                                       "start_200_blocks_s",
                                       "pss_per_block_mb",
                                       "heavy_block_over_default_threads",
                                       "live_age_p99_over_work_plus_period",
                                       "faults_after_warmup"};
  std::set<std::string> found;
  for (const auto& ratio : ratios_of({})) found.insert(std::string(ratio.key()));
  EXPECT_EQ(expected, found);
}

TEST(GoalsTest, WhatWasNotMeasuredIsNullAndSaysWhy) {
  Figures figures;
  figures.note("iceoryx_over_spin", "iceoryx is not installed");
  const auto document = parse_json(json(figures, {}));
  for (const auto& ratio : document.at("ratios").as_object()) {
    EXPECT_TRUE(ratio.value().is_null()) << ratio.key();
    EXPECT_TRUE(document.at("notes").as_object().contains(ratio.key())) << ratio.key();
  }
  EXPECT_EQ("iceoryx is not installed", document.at("notes").at("iceoryx_over_spin").as_string());
}

TEST(GoalsTest, OfSeveralThatMustBeGoodTheWorstCounts) {
  Figures figures;
  figures.begin_round();
  const auto add = [&](const char* question, std::string_view who, double p50) {
    figures.add({question, std::string(who), "p50"}, "us", p50);
  };
  add("sleep/back_to_back/64B", kWire, 5);
  add("sleep/back_to_back", kLimit, 5);
  EXPECT_TRUE(ratios_of(figures).at("sleep_over_futex").is_null());  // the other half is missing
  add("sleep/after_1ms/64B", kWire, 30);
  add("sleep/after_1ms", kLimit, 20);
  EXPECT_EQ(1.5, ratios_of(figures).at("sleep_over_futex").as_double());
}

TEST(GoalsTest, ZeroMeetsAGoalOfZero) {
  const auto goal = std::ranges::find(goals(), "allocations_per_frame", &Goal::name);
  ASSERT_NE(goals().end(), goal);
  EXPECT_TRUE(is_met(*goal, 0));
  EXPECT_FALSE(is_met(*goal, 0.001));
  EXPECT_EQ("at most 0", text_of(*goal));
}

TEST(FiguresTextTest, APlainWordsTableHasTheLimitBesideTheWire) {
  Figures figures;
  figures.begin_round();
  figures.add("spin/back_to_back", kLimit, "us", {.p50 = 0.111, .p99 = 0.222});
  figures.add("spin/back_to_back/4K", kWire, "us", {.p50 = 0.333, .p99 = 0.444});
  const auto text = table(figures);
  const auto line = text.substr(text.find("spin/back_to_back/4K"));
  EXPECT_LT(line.find("0.111 / 0.222"), line.find("0.333 / 0.444"));
  EXPECT_LT(line.find("0.333 / 0.444"), line.find('\n'));
}

TEST(FiguresTextTest, JsonHasEachRound) {
  Figures figures;
  for (const double value : {3, 1, 2}) {
    figures.begin_round();
    figures.add(kSpin, "us", value);
  }
  const auto figure = parse_json(json(figures, {.cpu = "a processor"})).at("figures").at(0);
  EXPECT_EQ(JsonArray({3.0, 1.0, 2.0}), figure.at("rounds"));
  EXPECT_EQ(2.0, figure.at("median"));
  EXPECT_EQ("us", figure.at("unit").as_string());
}

TEST(SavedRunTest, IsWhatWasWrittenRoundByRound) {
  Figures figures;
  for (const double value : {2, 9, 4}) {
    figures.begin_round();
    figures.add(kSpin, "us", value);
    figures.add(kCacheLine, "us", 1 / value);  // so that other pairs of rounds give other ratios
  }
  figures.note("zeromq", "not there");
  const Machine machine{"a processor", "Linux 1.2", 3, 0.5, true};
  const auto written = json(figures, machine);
  const auto sut = parse_saved_run(written);
  EXPECT_EQ(3U, sut.rounds);
  EXPECT_EQ(parse_json(written), parse_json(json(sut.figures, sut.machine)));
}

TEST(SavedRunTest, AQuestionIsAboutCircuitsIfACircuitHasAnsweredIt) {
  const FigureKey hop{"chain/4", std::string(kCircuit), "hop"};
  const FigureKey its_limit{"chain/4", std::string(kLimit), "hop"};
  Figures figures;
  figures.begin_round();
  for (const auto& key : {kSpin, kCacheLine, hop, its_limit}) figures.add(key, "us", 1);
  const auto written = json(figures, {});
  const auto kept = [&](About about) {
    std::set<FigureKey> keys;
    const auto run = parse_saved_run(written, about);
    for (const auto& [key, figure] : run.figures.all()) {
      keys.insert(key);
    }
    return keys;
  };
  EXPECT_EQ((std::set{hop, its_limit}), kept(About::circuits));
  EXPECT_EQ((std::set{kSpin, kCacheLine}), kept(About::wires));
  EXPECT_EQ(4U, kept(About::everything).size());
}

TEST(SavedRunTest, RefusesOtherDocuments) {
  for (const auto* text : {"", "[]", "{}", R"({"machine": {}, "figures": [], "notes": {}})"}) {
    EXPECT_THROW(parse_saved_run(text), JsonError) << text;
  }
  auto document = parse_json(json({}, {})).as_object();
  document["figures"] = JsonArray{JsonObject{
      {"question", "q"}, {"who", "w"}, {"part", "p"}, {"unit", "u"}, {"rounds", {"fast"}}}};
  EXPECT_THROW(parse_saved_run(to_text(document)), JsonError);
}

TEST(RoundsTest, OnlyTheStepsOfTheGroupsWantedAreRunOnceARound) {
  std::string ran;
  const auto step = [&](const char* group) {
    return Step{group, "", [&ran, group](const Effort&, Figures&) { ran += group; }};
  };
  Figures figures;
  run_rounds({step("a"), step("b"), step("c")}, {.rounds = 2, .only = {"c", "a"}}, figures);
  EXPECT_EQ("acac", ran);
}

TEST(EffortTest, IsNeverNothing) {
  EXPECT_EQ(1000U, Effort{}.times(1000));
  EXPECT_EQ(100U, Effort{0.1}.times(1000));
  EXPECT_EQ(5U, Effort{0}.times(1000));
}

TEST(CoresTest, ReadsListsAsTheKernelWritesThem) {
  EXPECT_EQ((std::vector{0, 1, 2, 8}), parse_core_list("0-2,8"));
  EXPECT_EQ(std::vector{5}, parse_core_list("5"));
  EXPECT_TRUE(parse_core_list("").empty());
}

}  // namespace
}  // namespace vcengine::bench
