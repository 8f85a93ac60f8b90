/// Each file of circuits/ runs on a machine without display and camera.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

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

/// A run of it that is over soon. Sources in different processes do not start at the same moment:
/// two cameras need some frames until they meet, and a knob is read before it is first turned
/// unless time is that of the frames.
std::vector<std::string> short_run(const fs::path& file) {
  const auto name = file.stem();
  if (name == "hello") return {file.string(), "--frames", "2"};  // it takes a second for each
  if (name == "stereo_cameras") return {file.string(), "--frames", "300"};
  if (name == "offline_regression") return {file.string(), "--frames", "25", "--offline"};
  return {file.string(), "--frames", "25"};
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  ASSERT_NE(std::string::npos, at) << "no '" << from << "' in\n" << text;
  text.replace(at, from.size(), to);
}

/// Of the frames of a video at one rate: how many have one of a video at another rate so near? Both
/// begin at the same time.
std::int64_t with_a_neighbour(int count, double rate, int other_count, double other_rate,
                              std::chrono::duration<double> tolerance) {
  std::int64_t found = 0;
  for (int i = 0; i < count; ++i) {
    const auto time = i / rate;
    const auto nearest = std::min<double>(std::round(time * other_rate), other_count - 1);
    if (std::abs(nearest / other_rate - time) <= tolerance.count()) ++found;
  }
  return found;
}

}  // namespace

class ShippedCircuitsTest : public HostTest {
 protected:
  /// Footage instead of cameras, and the test's folder for what is written.
  Command headless(std::vector<std::string> arguments) const {
    auto command = host(std::move(arguments));
    for (const auto* camera : {"CAMERA", "LEFT", "RIGHT"})
      command.environment[camera] = "file://" + footage("vtest.avi").string();
    command.environment["OUT"] = folder().string();
    return command;
  }

  void write_video(const std::string& name, int frames, double rate) const {
    const auto written = run_host(
        {circuit("blocks:\n"
                 "  pattern: {type: io.test_pattern, params: {width: 64, height: 48, frames: " +
                     std::to_string(frames) +
                     "}}\n"
                     "  save: {type: io.video_writer, params: {path: " +
                     name + ", fps: " + std::to_string(rate) +
                     "}}\n"
                     "wires: [pattern.frames -> save.image]\n",
                 "write_video.yaml"),
         "--fast", "--quiet"});
    ASSERT_EQ(0, written.status) << written.errors;
  }
};

TEST_F(ShippedCircuitsTest, AreAllAcceptedByTheCheck) {
  EXPECT_LE(8U, shipped_circuits().size());
  for (const auto& file : shipped_circuits()) {
    const auto result = run(headless({"check", file.string()}));
    EXPECT_EQ(0, result.status) << result.errors;
  }
}

TEST_F(ShippedCircuitsTest, AllRunHeadless) {
  for (const auto& file : shipped_circuits()) {
    SCOPED_TRACE(file);
    auto arguments = short_run(file);
    arguments.insert(arguments.end(), {"--json", "--fast"});
    const auto result = run(headless(arguments));
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

TEST_F(ShippedCircuitsTest, StereoCamerasPairsFilesOfDifferentRatesWhereThatIsPossible) {
  // The distance of neighbours grows by 1 ms a second: beyond 15 ms after 15 s, and back below it
  // where the next frame of the faster one is nearer, from 18.4 s on.
  write_video("left.avi", 600, 30);
  write_video("right.avi", 600, 29.97);
  auto text = read_file(source_folder() / "circuits/stereo_cameras.yaml");
  for (const std::string name : {"left", "right"}) {
    const auto variable = name == "left" ? "${LEFT:-/dev/video0}" : "${RIGHT:-/dev/video2}";
    replace(text,
            "{type: io.camera, params: {device: \"" + std::string(variable) +
                "\", width: 640, height: 480}}",
            "{type: io.video_file, params: {path: " + name + ".avi}}");
  }
  const auto figures = figures_of({circuit(text), "--fast"});
  const auto paired = figures.blocks.at("view").frames;
  const auto possible = with_a_neighbour(600, 29.97, 600, 30, std::chrono::milliseconds{15});
  EXPECT_LT(449, possible) << "all of the first 15 s, and some of the last two";
  EXPECT_GT(600, possible) << "none of those between";
  EXPECT_EQ(possible, paired);
  for (const auto* wire : {"pair.in_0", "pair.in_1"}) {
    EXPECT_EQ(paired, figures.wires.at(wire).taken);
    EXPECT_EQ(600 - paired, figures.wires.at(wire).dropped.at("unmatched"));
  }
}

TEST_F(ShippedCircuitsTest, OfflineRegressionGivesTheSameBytesTwice) {
  const auto file = (source_folder() / "circuits/offline_regression.yaml").string();
  const auto result_in = [&](const std::string& out) {
    auto command = headless({file, "--offline", "--frames", "60", "--quiet"});
    command.environment["OUT"] = (folder() / out).string();
    const auto result = run(command);
    EXPECT_EQ(0, result.status) << result.errors;
    return std::pair(result.output, read_file(folder() / out / "pictures.avi"));
  };
  const auto one = result_in("one");
  const auto two = result_in("two");
  ASSERT_EQ(60U, lines_of(one.first).size()) << one.first;
  EXPECT_TRUE(contains(one.first, "[numbers] 60  5.900 s  24\n")) << "turned at 5.75 s";
  EXPECT_EQ(one.first, two.first);
  EXPECT_LT(1000U, one.second.size());
  EXPECT_TRUE(one.second == two.second);
}

}  // namespace vcengine::test
