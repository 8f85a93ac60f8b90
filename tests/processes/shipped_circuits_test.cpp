/// Each file of circuits/ runs on a machine without display and camera.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

std::set<fs::path> shipped_circuits() {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(source_folder() / "circuits")) {
    if (entry.path().extension() == ".yaml") files.insert(entry.path());
  }
  return files;
}

}  // namespace

class ShippedCircuitsTest : public HostTest {
 protected:
  /// Footage instead of cameras, and the test's folder for what is written.
  Command headless(std::vector<std::string> arguments) const {
    auto command = host(std::move(arguments));
    command.environment["CAMERA"] = "file://" + footage("vtest.avi").string();
    command.environment["OUT"] = folder().string();
    return command;
  }
};

TEST_F(ShippedCircuitsTest, AreAllAcceptedByTheCheck) {
  EXPECT_LE(5U, shipped_circuits().size());
  for (const auto& file : shipped_circuits()) {
    const auto result = run(headless({"check", file.string()}));
    EXPECT_EQ(0, result.status) << result.errors;
  }
}

TEST_F(ShippedCircuitsTest, AllRunHeadless) {
  for (const auto& file : shipped_circuits()) {
    SCOPED_TRACE(file);
    const auto frames = file.stem() == "hello" ? "2" : "25";  // hello takes a second for each
    const auto result = run(headless({file.string(), "--frames", frames, "--json", "--fast"}));
    EXPECT_EQ(0, result.status) << result.errors;
    const auto figures = parse_report(result.output);
    EXPECT_EQ(file.stem().string(), figures.circuit);
    for (const auto& [name, block] : figures.blocks) {
      EXPECT_LT(0, block.frames) << name;
      EXPECT_EQ(0, block.exceptions) << name;
      EXPECT_TRUE(block.finished) << name;
    }
  }
}

TEST_F(ShippedCircuitsTest, AllBeginWithACommentThatSaysWhatYouWillSee) {
  for (const auto& file : shipped_circuits()) {
    EXPECT_TRUE(read_file(file).starts_with("# You will see ")) << file;
  }
}

TEST_F(ShippedCircuitsTest, EdgesToFileWritesTwoVideosThatPlayAgain) {
  const auto file = source_folder() / "circuits/edges_to_file.yaml";
  const auto written = run(headless({file.string(), "--frames", "25", "--quiet"}));
  EXPECT_EQ(0, written.status) << written.errors;
  for (const auto* video : {"colors.avi", "edges.avi"}) {
    const auto figures =
        figures_of({circuit("blocks:\n"
                            "  video: {type: io.video_file, params: {path: " +
                            std::string(video) +
                            "}}\n"
                            "  sink: {type: core.null}\n"
                            "wires: [video.frames -> sink.in]\n")});
    EXPECT_EQ(25, figures.blocks.at("sink").frames) << video;
  }
}

}  // namespace vcengine::test
