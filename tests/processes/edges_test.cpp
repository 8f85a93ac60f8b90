/// circuits/edges.yaml against the same OpenCV calls in one plain process, byte for byte.
#include <gtest/gtest.h>

#include <regex>
#include <stdexcept>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

namespace {

constexpr std::size_t kFramesOfFootage = 795;

std::string shipped_circuit() { return read_file(source_folder() / "circuits/edges.yaml"); }

/// The value that edges.yaml gives a parameter.
std::string param(const std::string& name) {
  const auto text = shipped_circuit();
  std::smatch match;
  if (!std::regex_search(text, match, std::regex("\\b" + name + ": (\\d+)"))) {
    throw std::runtime_error("edges.yaml sets no " + name);
  }
  return match[1];
}

/// edges.yaml with each screen replaced by a recorder that writes `<title>.txt`.
std::string recording_circuit() {
  const std::regex screen(R"(\{type: io\.screen, params: \{title: (\w+)\}\})");
  const std::regex port(R"((view_\w+)\.image)");
  auto text = std::regex_replace(shipped_circuit(), screen,
                                 "{type: test.recorder, params: {path: $1.txt}}");
  return std::regex_replace(text, port, "$1.in");
}

/// The payload a line of a recorder tells of, without sequence and stamp.
std::vector<std::string> payloads(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (const auto& line : lines)
    result.push_back(line.substr(line.find(' ', line.find(' ') + 1) + 1));
  return result;
}

}  // namespace

class EdgesTest : public HostTest {
 protected:
  struct Streams {
    std::vector<std::string> colors, edges;
  };

  /// What the plain program makes of the first frames.
  Streams plain(std::size_t frames = kFramesOfFootage) const {
    const auto colors = folder() / "plain_colors.txt";
    const auto edges = folder() / "plain_edges.txt";
    const auto result = run(
        {.argv = {(build_folder() / "tests/edges_plain").string(), footage("vtest.avi").string(),
                  std::to_string(frames), colors.string(), edges.string(), param("saturation_low"),
                  param("value_low"), param("low"), param("high")},
         .environment = {}});
    EXPECT_EQ(0, result.status) << result.errors;
    return {lines_of(read_file(colors)), lines_of(read_file(edges))};
  }

  Streams recorded_in(const std::string& subfolder = ".") const {
    return {payloads(recorded(subfolder + "/colors.txt")),
            payloads(recorded(subfolder + "/edges.txt"))};
  }

  static void expect_equal(const Streams& expected, const Streams& actual, std::size_t frames) {
    ASSERT_EQ(frames, expected.colors.size());
    ASSERT_EQ(frames, expected.edges.size());
    EXPECT_EQ(expected.colors, actual.colors);
    EXPECT_EQ(expected.edges, actual.edges);
  }
};

TEST_F(EdgesTest, AllFramesReachBothSinksByteForByteAsThePlainProgramMakesThem) {
  const auto figures = figures_of({circuit(recording_circuit())});

  expect_equal(plain(), recorded_in(), kFramesOfFootage);
  ASSERT_EQ(4U, figures.wires.size());
  for (const auto& [name, wire] : figures.wires) {
    EXPECT_EQ(kFramesOfFootage, wire.published) << name;
    EXPECT_EQ(kFramesOfFootage, wire.taken) << name;
    EXPECT_EQ(0, wire.dropped_in_all()) << name;
    EXPECT_EQ(0, wire.in_flight) << name;
  }
  for (const auto* sink : {"view_colors", "view_edges"}) {
    EXPECT_EQ(kFramesOfFootage, figures.blocks.at(sink).frames) << sink;
    EXPECT_TRUE(figures.blocks.at(sink).finished) << sink;
  }
  for (const auto& [name, block] : figures.blocks) EXPECT_EQ(0, block.exceptions) << name;
}

TEST_F(EdgesTest, WithItsOwnScreensAndNoDisplayEachSinkCountsEveryFrame) {
  const auto figures = figures_of({(source_folder() / "circuits/edges.yaml").string()});
  for (const auto* sink : {"view_colors", "view_edges"}) {
    EXPECT_EQ(kFramesOfFootage, figures.blocks.at(sink).frames) << sink;
    EXPECT_EQ(0, figures.wires.at(std::string(sink) + ".image").dropped_in_all()) << sink;
  }
}

TEST_F(EdgesTest, TwoAtOnceDoNotDisturbEachOther) {
  constexpr std::size_t kFrames = 150;
  const auto frames = std::to_string(kFrames);
  Process one(host({circuit(recording_circuit(), "one/edges.yaml"), "--frames", frames}));
  Process two(host({circuit(recording_circuit(), "two/edges.yaml"), "--frames", frames}));
  EXPECT_EQ(0, one.wait()) << one.errors();
  EXPECT_EQ(0, two.wait()) << two.errors();
  const auto expected = plain(kFrames);
  expect_equal(expected, recorded_in("one"), kFrames);
  expect_equal(expected, recorded_in("two"), kFrames);
}

TEST_F(EdgesTest, WithoutFutexWaitvTheResultIsTheSame) {
  constexpr std::size_t kFrames = 150;
  auto command = host({circuit(recording_circuit()), "--frames", std::to_string(kFrames)});
  command.environment["VCENGINE_NO_FUTEX_WAITV"] = "1";
  const auto result = run(command);
  EXPECT_EQ(0, result.status) << result.errors;
  expect_equal(plain(kFrames), recorded_in(), kFrames);
}

}  // namespace vcengine::test
