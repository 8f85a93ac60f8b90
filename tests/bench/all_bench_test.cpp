// `tools/dev bench` as a whole, each thing a few times: every group leaves its figures, and what a
// program reads from the JSON is there. How fast is not asked here.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "engine/control/json.hpp"
#include "measure/cores.hpp"
#include "measure/figures_text.hpp"
#include "program_run.hpp"

namespace vcengine::bench {
namespace {

std::string take_file(const std::string& path) {
  std::ifstream file(path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  std::filesystem::remove(path);
  return text;
}

TEST(AllBenchTest, EachQuestionOfTheWireGetsAnAnswer) {
  if (!two_cores()) GTEST_SKIP() << "there is one core only";
  const auto report = testing::TempDir() + "all_bench_test.json";
  const auto picture = testing::TempDir() + "all_bench_test.svg";
  const auto run = run_program({VCENGINE_TEST_ALL_BENCH, "--rounds", "1", "--effort", "0", "--only",
                                "limits,wire", "--json", report, "--svg", picture});
  run.expect_success(VCENGINE_TEST_ALL_BENCH);

  const auto document = parse_json(take_file(report));
  EXPECT_GE(document.at("machine").at("cores").as_int64(), 2);
  const auto& ratios = document.at("ratios").as_object();
  for (const auto* measured :
       {"spin_over_cacheline", "sleep_over_futex", "sleep_p99_over_futex_p99", "hop_4k_over_64b",
        "lossless_64b_per_s", "publish_stopped_reader_over_none"}) {
    EXPECT_GT(ratios.at(measured).to_number<double>(), 0) << measured;
  }
  EXPECT_TRUE(ratios.at("faults_after_warmup").is_number());
  EXPECT_TRUE(ratios.at("iceoryx_over_spin").is_null());  // nobody asked
  EXPECT_TRUE(take_file(picture).starts_with("<svg"));
}

TEST(AllBenchTest, TakesTheRatiosOfEdgesOver) {
  if (std::getenv("VCENGINE_FOOTAGE") == nullptr) {
    GTEST_SKIP() << "VCENGINE_FOOTAGE names the folder of the sample footage";
  }
  const auto report = testing::TempDir() + "all_bench_edges_test.json";
  const auto run = run_program(
      {VCENGINE_TEST_ALL_BENCH, "--rounds", "1", "--starts", "0", "--only", "edges", "--video",
       std::string(std::getenv("VCENGINE_FOOTAGE")) + "/vtest.avi", "--json", report});
  run.expect_success(VCENGINE_TEST_ALL_BENCH);

  const auto document = parse_json(take_file(report));
  for (const auto* name : {"edges_over_one_thread", "edges_over_threaded"}) {
    const auto& theirs = document.at("edges").at("ratios").at(name).at("running").at("median");
    EXPECT_EQ(theirs, document.at("ratios").at(name)) << name;
  }
}

TEST(AllBenchTest, DrawsASavedRunWithoutMeasuringOrAVideo) {
  const auto report = testing::TempDir() + "all_bench_from_test.json";
  const auto picture = testing::TempDir() + "all_bench_from_test.svg";
  Figures figures;
  figures.begin_round();
  figures.add({"start/5_blocks", "circuit", "first_frame"}, "s", 0.25);
  figures.add({"rate/wait/64B", "wire", "taken"}, "frames/s", 123456);
  std::ofstream(report) << json(figures, {.cpu = "a processor of another machine"});

  const auto run = run_program({"/usr/bin/env", "-u", "VIDEO", VCENGINE_TEST_ALL_BENCH, "--from",
                                report, "--only", "circuits", "--svg", picture});
  std::filesystem::remove(report);
  run.expect_success(VCENGINE_TEST_ALL_BENCH);
  EXPECT_NE(std::string::npos, run.output.find("start/5_blocks"));
  EXPECT_EQ(std::string::npos, run.output.find("rate/wait/64B"));  // not one of circuits
  const auto drawn = take_file(picture);
  EXPECT_NE(std::string::npos, drawn.find("a processor of another machine"));
  EXPECT_NE(std::string::npos, drawn.find(">5 blocks<"));
}

TEST(AllBenchTest, SaysWhichFileIsNoSavedRun) {
  for (const std::string path : {"/nowhere/at/all.json", "/dev/null", "/proc/self"}) {
    const auto run = run_program({VCENGINE_TEST_ALL_BENCH, "--from", path});
    EXPECT_NE(0, run.status);
    EXPECT_NE(std::string::npos, run.errors.find(path)) << run.errors;
  }
}

TEST(AllBenchTest, RefusesAGroupThatDoesNotExist) {
  const auto run = run_program({VCENGINE_TEST_ALL_BENCH, "--only", "wires"});
  EXPECT_NE(0, run.status);
  EXPECT_NE(std::string::npos, run.errors.find("wires")) << run.errors;
}

TEST(UserBenchTest, MeasuresLimitsAndWireWithoutASourceTree) {
  const auto report = testing::TempDir() + "user_bench_test.json";
  const auto run = run_program(
      {VCENGINE_TEST_HOST, "bench", "--rounds", "1", "--effort", "0", "--json", report});
  run.expect_success(VCENGINE_TEST_HOST);
  const auto document = parse_json(take_file(report));
  std::set<std::string> who;
  for (const auto& figure : document.at("figures").as_array()) {
    who.emplace(figure.at("who").as_string());
  }
  EXPECT_TRUE(who.contains("limit"));
  EXPECT_EQ(two_cores().has_value(), who.contains("wire"));
}

TEST(UserBenchTest, EveryOptionIsInItsManPage) {
  const auto help = run_program({VCENGINE_TEST_HOST, "bench", "--help"});
  std::ifstream file(VCENGINE_TEST_BENCH_PAGE);
  const std::string page(std::istreambuf_iterator<char>(file), {});
  const std::regex option("--([a-z]+)");
  std::set<std::string> found;
  for (std::sregex_iterator it(help.output.begin(), help.output.end(), option), end; it != end;
       ++it) {
    found.insert((*it)[1]);
  }
  EXPECT_LT(4U, found.size());
  for (const auto& name : found) {
    if (name == "help") continue;
    EXPECT_NE(std::string::npos, page.find(".BI \\-\\-" + name + "\\~")) << name;
  }
}

}  // namespace
}  // namespace vcengine::bench
