/// Video files that cannot be read, or not to their end.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class BadFootageTest : public HostTest {
 protected:
  Result play(const std::string& path) const {
    return run_host({circuit("blocks:\n"
                             "  video: {type: io.video_file}\n"
                             "  sink: {type: core.null}\n"
                             "wires: [video.frames -> sink.in]\n"),
                     "--json", "--set", "video.path=" + path});
  }
};

TEST_F(BadFootageTest, AMissingVideoIsNamed) {
  const auto path = (folder() / "missing.avi").string();
  const auto result = play(path);
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "block video gave up: no such file: '" + path + "'"));
}

TEST_F(BadFootageTest, AFileThatIsNoVideoIsNamed) {
  circuit("This is not a video.\n", "text.avi");
  const auto result = play((folder() / "text.avi").string());
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "text.avi' is no video that FFmpeg can read"));
}

TEST_F(BadFootageTest, AFolderIsNoVideo) {
  const auto result = play(folder().string());
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "is a folder; io.image_file reads folders of pictures"));
}

TEST_F(BadFootageTest, ATruncatedVideoPlaysToWhereItEndsAndSaysSo) {
  const auto whole = read_file(footage("vtest.avi"));
  circuit(whole.substr(0, whole.size() / 10), "truncated.avi");
  const auto result = play((folder() / "truncated.avi").string());
  EXPECT_EQ(0, result.status);
  const auto frames = parse_report(result.output).blocks.at("sink").frames;
  EXPECT_LT(0, frames);
  EXPECT_LT(frames, 795);
  EXPECT_TRUE(contains(result.errors, "[video] "));
  EXPECT_TRUE(contains(result.errors, "but only " + std::to_string(frames) + " could be read"));
}

TEST_F(BadFootageTest, AVideoWithoutAFrameIsRefused) {
  const auto whole = read_file(footage("vtest.avi"));
  circuit(whole.substr(0, 2048), "header.avi");  // ends within its header
  const auto result = play((folder() / "header.avi").string());
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "block video gave up: '"));
}

}  // namespace vcengine::test
