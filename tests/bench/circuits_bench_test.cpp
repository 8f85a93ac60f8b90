// Each question about circuits gets an answer, asked a few times only. How fast is not asked here.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/control/json.hpp"
#include "program_run.hpp"

namespace vcengine::bench {
namespace {

class CircuitsBenchTest : public testing::Test {
 protected:
  /// The JSON of one round of these groups.
  static Json measure(const std::string& groups, const std::string& video = "") {
    const auto report = testing::TempDir() + "circuits_bench_test_" + groups + ".json";
    auto argv = std::vector<std::string>{VCENGINE_TEST_CIRCUITS_BENCH,
                                         "--rounds",
                                         "1",
                                         "--effort",
                                         "0",
                                         "--only",
                                         groups,
                                         "--json",
                                         report};
    if (!video.empty()) argv.insert(argv.end(), {"--video", video});
    const auto run = run_program(argv);
    run.expect_success(VCENGINE_TEST_CIRCUITS_BENCH);
    std::ifstream file(report);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::filesystem::remove(report);
    return parse_json(text);
  }

  static const Json& figure(const Json& document, std::string_view question, std::string_view who,
                            std::string_view part) {
    for (const auto& entry : document.at("figures").as_array()) {
      const auto& figure = object_of(entry, "figure");
      if (text_of(figure, "question") == question && text_of(figure, "who") == who &&
          text_of(figure, "part") == part) {
        return member(figure, "median");
      }
    }
    throw std::runtime_error("there is no figure " + std::string(question));
  }
};

TEST_F(CircuitsBenchTest, SmallCircuitsLeaveTheirFiguresOfStartMemoryAndIdleness) {
  const auto document = measure("start,memory,idle");
  for (const auto* name : {"start_200_blocks_s", "pss_per_block_mb", "idle_cpu_percent"}) {
    EXPECT_GT(document.at("ratios").at(name).to_number<double>(), 0) << name;
  }
}

TEST_F(CircuitsBenchTest, AChainIsMeasuredBesideARingAndWritesNothing) {
  const auto document = measure("chain");
  EXPECT_TRUE(document.at("ratios").at("forward_hop_over_ring").is_number());
  const auto written = [&](const char* part) {
    return figure(document, "chain/64", "circuit", part).to_number<double>();
  };
  EXPECT_EQ(0, written("written"));
  EXPECT_GT(written("written by source"), 0) << "or this sees nothing";
}

TEST_F(CircuitsBenchTest, LivePicturesAreAtLeastAsOldAsTheWorkOnThem) {
  const auto document = measure("live");
  EXPECT_GE(figure(document, "live/age", "circuit", "p50").to_number<double>(), 50'000);
}

TEST_F(CircuitsBenchTest, EachProgramSeesEveryFrameOfBothVideos) {
  if (std::getenv("VCENGINE_FOOTAGE") == nullptr) {
    GTEST_SKIP() << "VCENGINE_FOOTAGE names the folder of the sample footage";
  }
  const auto document =
      measure("edges,cpu,heavy", std::string(std::getenv("VCENGINE_FOOTAGE")) + "/vtest.avi");
  for (const auto* name :
       {"edges_over_one_thread", "edges_over_default_threads", "edges_over_threaded",
        "cpu_1080p30_over_plain", "heavy_block_over_default_threads"}) {
    EXPECT_GT(document.at("ratios").at(name).to_number<double>(), 0) << name;
  }
  const auto& ratio = document.at("ratios").at("edges_over_gstreamer");
  const auto* why = document.at("notes").as_object().if_contains("edges_over_gstreamer");
  EXPECT_NE(ratio.is_null(), why == nullptr) << "a figure, or a word why there is none";
}

TEST_F(CircuitsBenchTest, AVideoThatIsMissingIsAskedFor) {
  const auto run =
      run_program({"/usr/bin/env", "-u", "VIDEO", VCENGINE_TEST_CIRCUITS_BENCH, "--only", "heavy"});
  EXPECT_NE(0, run.status);
  EXPECT_NE(std::string::npos, run.errors.find("--video")) << run.errors;
}

}  // namespace
}  // namespace vcengine::bench
