// What the benchmark draws of made-up figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "measure/figures_plots.hpp"
#include "measure/figures_text.hpp"
#include "measure/goals.hpp"
#include "measure/plot_axis.hpp"
#include "measure/questions.hpp"

namespace vcengine::bench {
namespace {

/// What is drawn of somebody, by the name in the legend.
std::map<std::string, Dot> answers(const DotPlot& plot, const PlotRow& row) {
  std::map<std::string, Dot> found;
  for (const auto& dot : row.dots) found[plot.series.at(dot.series).name] = dot;
  return found;
}

const PlotRow* find_row(const std::vector<DotPlot>& plots, const std::string& label) {
  for (const auto& plot : plots) {
    const auto row = std::ranges::find(plot.rows, label, &PlotRow::label);
    if (row != plot.rows.end()) return &*row;
  }
  return nullptr;
}

/// All numbers that the expression's only group finds.
std::vector<double> numbers(const std::string& text, const std::string& expression) {
  const std::regex regex(expression);
  std::vector<double> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
    found.push_back(std::stod((*it)[1]));
  }
  return found;
}

std::vector<std::string> texts(const PlotAxis& axis) {
  std::vector<std::string> found;
  for (const auto& line : axis.lines()) found.push_back(line.text);
  return found;
}

TEST(PlotTest, HasADotForEachAnswerWithinTheFrame) {
  Figures figures;
  figures.begin_round();
  figures.add("spin/back_to_back", kLimit, "us", {.p50 = 0.1, .p99 = 0.2});
  figures.add("spin/back_to_back/64B", kWire, "us", {.p50 = 0.3, .p99 = 12});
  figures.add("spin/back_to_back/64B", "iceoryx", "us", {.p50 = 1.5, .p99 = 4000});
  const auto picture = svg("a <fast> processor", wire_plots(figures));
  const auto places =
      numbers(picture, "<circle cx=\"([0-9.]+)\" cy=\"[0-9.]+\" r=\"4\" fill=\"#[0-9a-f]{6}\"/>\n");
  ASSERT_EQ(3U, places.size());
  EXPECT_TRUE(std::ranges::is_sorted(places));  // limit, wire, iceoryx: slower is further right
  EXPECT_GT(places.front(), 0);
  EXPECT_LT(places.back(), 860);
  EXPECT_NE(std::string::npos, picture.find("a &lt;fast> processor"));
}

TEST(PlotTest, OfNothingIsAPictureToo) { EXPECT_NE("", plot({}, {})); }

TEST(PlotTest, HasWiresCircuitsAndGoals) {
  Figures figures;
  figures.begin_round();
  figures.add({"rate/wait/64B", std::string(kWire), "taken"}, "frames/s", 1e6);
  figures.add({"start/200_blocks", std::string(kCircuit), "first_frame"}, "s", 1);
  const auto picture = plot(figures, {});
  for (const auto* label : {">64B<", ">200 blocks<", ">start_200_blocks_s<"}) {
    EXPECT_NE(std::string::npos, picture.find(label)) << label;
  }
}

TEST(PlotTest, LongLabelsAndRemarksTakeTheirRoomFromTheAxis) {
  const std::string label(50, 'm'), remark(30, 'm');
  const DotPlot wide{"", {{"one"}}, {{"", label, {{0, 1, {}}}, GoalTick{10, false}, remark}}};
  const auto picture = svg("", {wide});
  const auto label_end = numbers(picture, "x=\"([0-9.]+)\" y=\"[0-9.]+\" text-anchor=\"end\"");
  ASSERT_EQ(1U, label_end.size());
  EXPECT_GT(label_end.front(), 50 * 7);
  const auto remark_start = numbers(picture, "<text x=\"([0-9.]+)\" y=\"[0-9.]+\">m");
  ASSERT_EQ(1U, remark_start.size());
  EXPECT_LT(remark_start.front(), 860 - 30 * 7);
  EXPECT_GT(remark_start.front(), label_end.front());
}

TEST(PlotAxisTest, HasLinesAtOneTwoAndFiveAroundAllValuesAndGoals) {
  const DotPlot plot{"", {{"one"}}, {{"", "", {{0, 1.1, 1.7}}, GoalTick{0.7, true}}}};
  const PlotAxis sut(plot, 100, 200);
  EXPECT_EQ((std::vector<std::string>{"0.5", "1", "2"}), texts(sut));
  EXPECT_DOUBLE_EQ(100, sut.x(0.5));
  EXPECT_DOUBLE_EQ(150, sut.x(1));
  EXPECT_DOUBLE_EQ(200, sut.x(2));
}

TEST(PlotAxisTest, HasPowersOfTenAloneWhereValuesLieFarApart) {
  const DotPlot plot{"", {{"one"}}, {{"", "", {{0, 0.02, 3000.0}}}}};
  EXPECT_EQ((std::vector<std::string>{"0.01", "0.1", "1", "10", "100", "1 000", "10 000"}),
            texts(PlotAxis(plot, 0, 1)));
}

TEST(CircuitPlotsTest, ACircuitStandsBesideItsLimitAndAllOtherPrograms) {
  const std::map<std::string, double> rates{{"limit", 480},           {"circuit", 470},
                                            {"one_thread", 270},      {"threads", 460},
                                            {"default_threads", 320}, {"longest_stage", 481}};
  Figures figures;
  figures.begin_round();
  for (const auto& [who, rate] : rates) {
    figures.add({"edges/given", who, "whole"}, "frames/s", rate);
  }
  const auto sut = circuit_plots(figures);
  ASSERT_EQ(1U, sut.size());
  ASSERT_EQ(1U, sut.front().rows.size());
  std::map<std::string, double> drawn;
  for (const auto& [who, dot] : answers(sut.front(), sut.front().rows.front())) {
    drawn[who] = dot.value;
  }
  const std::map<std::string, double> expected{{"limit", 480},
                                               {"vcengine", 470},
                                               {"loop, one thread", 270},
                                               {"pipeline by hand", 460},
                                               {"loop, OpenCV's threads", 320}};
  EXPECT_EQ(expected, drawn);
}

TEST(CircuitPlotsTest, EachQuestionHasARow) {
  const std::vector<FigureKey> asked{{"edges/given", "circuit", "whole"},
                                     {"edges/1080p", "circuit", "whole"},
                                     {"edges/given", "circuit", "common_part"},
                                     {"edges/1080p", "circuit", "common_part"},
                                     {"heavy/1080p", "circuit", "whole"},
                                     {"cpu/1080p30", "circuit", "per_minute"},
                                     {"live/age", "circuit", "p50"},
                                     {"chain/4", "circuit", "hop"},
                                     {"chain/16", "circuit", "hop"},
                                     {"chain/64", "circuit", "hop"},
                                     {"chain/1", "circuit", "age"},
                                     {"chain/4", "circuit", "age"},
                                     {"chain/16", "circuit", "age"},
                                     {"chain/64", "circuit", "age"},
                                     {"start/1_blocks", "circuit", "first_frame"},
                                     {"start/5_blocks", "circuit", "first_frame"},
                                     {"start/50_blocks", "circuit", "first_frame"},
                                     {"start/200_blocks", "circuit", "first_frame"}};
  for (const auto& key : asked) {
    Figures figures;
    figures.begin_round();
    figures.add(key, "", 1);
    const auto sut = circuit_plots(figures);
    ASSERT_EQ(1U, sut.size()) << key.question << ' ' << key.part;
    EXPECT_EQ(1U, sut.front().rows.size()) << key.question << ' ' << key.part;
  }
}

TEST(CircuitPlotsTest, ALimitOfP99StandsAtTheEndOfTheLines) {
  Figures figures;
  figures.begin_round();
  figures.add("live/age", kCircuit, "us", {.p50 = 67e3, .p99 = 82e3});
  figures.add({"live/age", std::string(kLimit), "p99"}, "us", 83e3);
  const auto sut = circuit_plots(figures);
  ASSERT_EQ(1U, sut.size());
  const auto drawn = answers(sut.front(), sut.front().rows.front());
  EXPECT_EQ(67, drawn.at("vcengine").value);  // milliseconds
  EXPECT_EQ(82, drawn.at("vcengine").until);
  EXPECT_EQ(83, drawn.at("limit").value);
  EXPECT_FALSE(drawn.at("limit").until);
}

TEST(GoalPlotsTest, AMissedGoalIsToldByWordsAndShapes) {
  Figures figures;
  figures.begin_round();
  const auto add = [&](std::string_view who, double value) {
    figures.add({"chain/64", std::string(who), "hop"}, "us", value);
  };
  add(kCircuit, 36);
  add(kLimit, 24);  // the goal is at most 1.3
  const auto missed = goal_plots(figures);
  EXPECT_EQ("1.5, at most 1.3: missed", find_row(missed, "forward_hop_over_ring")->remark);
  EXPECT_EQ(1U, answers(missed.front(), missed.front().rows.front()).count("missed"));
  EXPECT_NE(std::string::npos, svg("", missed).find("fill=\"#ffffff\" class=\"goal\"/>\n"));
  add(kCircuit, 30);
  const auto met = goal_plots(figures);
  EXPECT_EQ("1.25, at most 1.3", find_row(met, "forward_hop_over_ring")->remark);
  EXPECT_EQ(1U, answers(met.front(), met.front().rows.front()).count("met"));
  EXPECT_EQ(std::string::npos, svg("", met).find("fill=\"#ffffff\" class=\"goal\""));
}

TEST(GoalPlotsTest, TheGreyIsOnTheSideWhereTheGoalIsMet) {
  const auto grey = [](double goal, bool less_is_better) {
    const DotPlot plot{"", {{"one"}}, {{"", "", {{0, 1, 100.0}}, GoalTick{goal, less_is_better}}}};
    const auto picture = svg("", {plot});
    const auto starts = numbers(picture, "class=\"good\" x=\"([0-9.]+)\"");
    const auto ticks = numbers(picture, "<line class=\"goal\" x1=\"([0-9.]+)\"");
    return starts.back() < ticks.back();  // those before are the legend's
  };
  EXPECT_TRUE(grey(10, true));
  EXPECT_FALSE(grey(10, false));
}

TEST(GoalPlotsTest, FiguresThatAreNoRatiosAreDrawnAsPartsOfTheirGoals) {
  Figures figures;
  figures.begin_round();
  figures.add({"start/200_blocks", std::string(kCircuit), "first_frame"}, "s", 0.5);
  figures.add({"rate/wait/64B", std::string(kWire), "taken"}, "frames/s", 1e7);
  const auto sut = goal_plots(figures);
  ASSERT_EQ(1U, sut.size());
  const auto* start = find_row(sut, "start_200_blocks_s");
  EXPECT_DOUBLE_EQ(0.2, start->dots.front().value);  // of 2.5 s
  EXPECT_EQ("0.5, at most 2.5", start->remark);
  EXPECT_TRUE(start->goal->less_is_better);
  const auto* rate = find_row(sut, "lossless_64b_per_s");
  EXPECT_DOUBLE_EQ(2, rate->dots.front().value);  // of 5 million
  EXPECT_DOUBLE_EQ(1, rate->goal->value);
  EXPECT_FALSE(rate->goal->less_is_better);
}

TEST(GoalPlotsTest, AGoalOfZeroIsLeftToTheTable) {
  Figures figures;
  figures.begin_round();
  figures.add({"busy/allocations", std::string(kWire), "per_frame"}, "per frame", 3);
  figures.add({"faults/uneven", std::string(kWire), "both"}, "faults", 0);
  EXPECT_TRUE(goal_plots(figures).empty());
}

}  // namespace
}  // namespace vcengine::bench
