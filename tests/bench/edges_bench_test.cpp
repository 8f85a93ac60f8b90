// The benchmark's programs do the work that they are compared by. How fast is not asked here.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/control/json.hpp"
#include "program_run.hpp"

namespace vcengine::bench {
namespace {

constexpr std::int64_t kFrames = 795;  // of the sample footage

std::string sample_video() { return std::string(std::getenv("VCENGINE_FOOTAGE")) + "/vtest.avi"; }

Json run_plain(const std::string& program) {
  const auto run = run_program({program, sample_video(), "--checksum"});
  run.expect_success(program);
  return parse_json(run.output);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class EdgesBenchTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("VCENGINE_FOOTAGE") == nullptr) {
      GTEST_SKIP() << "VCENGINE_FOOTAGE names the folder of the sample footage";
    }
  }
};

TEST_F(EdgesBenchTest, ThePipelineOfThreadsMakesTheSamePicturesAsTheLoop) {
  const auto loop = run_plain(VCENGINE_TEST_ONE_THREAD);
  const auto pipeline = run_plain(VCENGINE_TEST_THREADS);
  for (const auto* result : {&loop, &pipeline}) {
    EXPECT_EQ(kFrames, integer_of(object_of(*result, "result"), "frames"));
  }
  for (const auto* sink : {"colors", "edges"}) {
    EXPECT_EQ(loop.at(sink), pipeline.at(sink)) << sink;
  }
}

TEST_F(EdgesBenchTest, ARoundCoversEveryFrameInEachProgram) {
  const auto report = testing::TempDir() + "edges_bench_test.json";
  const auto run = run_program({VCENGINE_TEST_BENCH, "--video", sample_video(), "--rounds", "1",
                                "--starts", "1", "--json", report});
  run.expect_success(VCENGINE_TEST_BENCH);

  const auto figures = parse_json(read_file(report));
  std::filesystem::remove(report);
  const auto& round = figures.at("rounds").at(0);
  for (const auto* program : {"one_thread", "threads", "circuit"}) {
    EXPECT_EQ(kFrames, integer_of(round.at(program).as_object(), "frames")) << program;
  }
  EXPECT_EQ(1U, figures.at("first_frame_s").as_array().size());
}

}  // namespace
}  // namespace vcengine::bench
