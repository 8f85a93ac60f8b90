/// Places that are short of something: a display, a home, a disk that takes more, a reader.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;

constexpr const char* kThreeNumbers =
    "blocks:\n"
    "  count: {type: core.counter, params: {count: 3}}\n"
    "  print: {type: io.print}\n"
    "wires: [count.number -> print.in]\n";

constexpr const char* kVideoToScreen =
    "blocks:\n"
    "  video: {type: io.video_file, params: {path: \"${VIDEO}\"}}\n"
    "  view: {type: io.screen}\n"
    "wires: [video.frames -> view.image]\n";

constexpr const char* kFirstLine = "[print] 1 ";

/// The command, started by another one: `unshare …`.
Command started_by(std::vector<std::string> starter, Command command) {
  command.argv.insert(command.argv.begin(), starter.begin(), starter.end());
  return command;
}

/// May we make namespaces? Not in every container.
bool may_unshare(std::vector<std::string> flags) {
  flags.insert(flags.begin(), "unshare");
  flags.emplace_back("true");
  return run({.argv = std::move(flags), .environment = {}}).status == 0;
}

}  // namespace

class SurroundingsTest : public HostTest {
 protected:
  /// Host, its helpers and plugins once more, in a folder with a space in its name that everybody
  /// may read.
  fs::path copy_of_the_host() const {
    const auto copy = folder() / "a copy" / "bin" / "vcengine";
    fs::create_directories(copy.parent_path());
    fs::copy(host_program(), copy);
    fs::copy(host_program().parent_path() / "../lib", folder() / "a copy" / "lib",
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    return copy;
  }
};

TEST_F(SurroundingsTest, WithoutADisplayFramesAreCountedAndTheWayOutIsSaidOnce) {
  const auto result = run_host({circuit(kVideoToScreen), "--frames", "20", "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ(20, parse_report(result.output).blocks.at("view").frames);
  const std::string said = "[view] no window, frames are only counted (DISPLAY is not set)";
  EXPECT_TRUE(contains(result.errors, said));
  EXPECT_EQ(result.errors.find(said), result.errors.rfind(said));
  EXPECT_TRUE(contains(result.errors, "edges_to_file.yaml"));
}

TEST_F(SurroundingsTest, AStaleDisplayIsNoCrash) {
  auto command = host({circuit(kVideoToScreen), "--frames", "20", "--json"});
  command.environment["DISPLAY"] = ":7777";
  const auto result = run(command);
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ(20, parse_report(result.output).blocks.at("view").frames);
  EXPECT_TRUE(contains(result.errors, "DISPLAY=:7777 does not answer"));
}

TEST_F(SurroundingsTest, WithoutHomeAndRuntimeFolderItRuns) {
  auto command = host({circuit(kThreeNumbers)});
  for (const auto* name : {"HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) {
    command.environment[name] = std::nullopt;
  }
  const auto result = run(command);
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "[print] 3 "));
}

TEST_F(SurroundingsTest, FoldersWithSpacesHoldCircuitPluginsAndFootage) {
  const auto with_spaces = folder() / "my holiday films";
  fs::create_directories(with_spaces / "plugins");
  fs::copy_file(build_folder() / "tests/processes/plugins/test_recorder.so",
                with_spaces / "plugins/my recorder.so");
  fs::copy_file(footage("vtest.avi"), with_spaces / "the street.avi");
  auto command = host({circuit("blocks:\n"
                               "  video: {type: io.video_file, params: {path: the street.avi}}\n"
                               "  sink: {type: test.recorder, params: {path: what was seen.txt}}\n"
                               "wires: [video.frames -> sink.in]\n",
                               "my holiday films/my circuit.yaml"),
                       "--frames", "10"});
  command.argv[0] = copy_of_the_host();
  command.environment["VCENGINE_PLUGIN_PATH"] = std::nullopt;
  const auto result = run(command);
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ(10U, recorded("my holiday films/what was seen.txt").size());
}

TEST_F(SurroundingsTest, WhoIsNotRootCanRunIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "all tests run as somebody who is not root";
  fs::copy_file(footage("vtest.avi"), folder() / "street.avi");
  auto command =
      host({circuit("blocks:\n"
                    "  video: {type: io.video_file, params: {path: street.avi}}\n"
                    "  detect: {type: vision.edge_detector}\n"
                    "  view: {type: io.screen}\n"
                    "wires: [video.frames -> detect.image, detect.edges -> view.image]\n"),
            "--frames", "20", "--json"});
  command.argv[0] = copy_of_the_host();
  command.environment["VCENGINE_PLUGIN_PATH"] = std::nullopt;
  command.environment["XDG_CACHE_HOME"] = std::nullopt;
  ASSERT_EQ(0, ::chown(folder().c_str(), kNobody, kNobody));
  const auto result = run(
      started_by({"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"}, command));
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ(20, parse_report(result.output).blocks.at("view").frames);
  struct stat cache {};
  ASSERT_EQ(0, ::stat((folder() / ".cache/vcengine").c_str(), &cache));
  EXPECT_EQ(kNobody, cache.st_uid);
}

TEST_F(SurroundingsTest, AReadOnlyRootIsEnough) {
  if (!may_unshare({"-m"})) GTEST_SKIP() << "no mount namespaces here (needs root)";
  auto command = host({circuit(kThreeNumbers)});
  command.environment["XDG_CACHE_HOME"] = (folder() / "cache").string();  // cannot be written
  const auto result = run(started_by({"unshare", "-m", "sh", "-ec",
                                      "mount -o remount,bind,ro /\n"
                                      "if touch \"$HOME/written\" 2>/dev/null; then echo the root "
                                      "is not read-only >&2; exit 77; fi\n"
                                      "exec \"$@\"",
                                      "sh"},
                                     command));
  if (result.status == 77 || result.errors.find("mount: ") != std::string::npos) {
    GTEST_SKIP() << "the root cannot be made read-only here: " << result.errors;
  }
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "[print] 3 "));
}

TEST_F(SurroundingsTest, ItRunsAsProcessNumberOne) {
  const std::vector<std::string> starter = {"unshare", "--pid", "--fork", "--mount-proc",
                                            "--kill-child"};
  if (!may_unshare({"--pid", "--fork", "--mount-proc"})) {
    GTEST_SKIP() << "no process namespaces here (needs root)";
  }
  const auto result = run(started_by(starter, host({circuit(kThreeNumbers)})));
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "[print] 3 "));
}

TEST_F(SurroundingsTest, AsProcessNumberOneItEndsOnSigterm) {
  const std::vector<std::string> starter = {"unshare", "--pid", "--fork", "--mount-proc",
                                            "--kill-child"};
  if (!may_unshare({"--pid", "--fork", "--mount-proc"})) {
    GTEST_SKIP() << "no process namespaces here (needs root)";
  }
  Process sut(
      started_by(starter, host({circuit("blocks:\n"
                                        "  count: {type: core.counter}\n"
                                        "  print: {type: io.print, params: {every: 1000000000}}\n"
                                        "wires: [count.number -> print.in]\n")})));
  sut.wait_for_output(kFirstLine);
  const auto hosts = children_of(sut.pid());
  ASSERT_EQ(1U, hosts.size());
  ::kill(hosts.front(), SIGTERM);
  EXPECT_EQ(143, sut.wait()) << sut.errors();
}

TEST_F(SurroundingsTest, AReaderOfStdoutThatLeavesDoesNotEndTheCircuit) {
  // As in `vcengine … | head -1`.
  std::array<int, 2> ends{};
  ASSERT_EQ(0, ::pipe2(ends.data(), O_CLOEXEC));
  auto command =
      host({circuit("blocks:\n"
                    "  count: {type: core.counter, params: {count: 20000}}\n"
                    "  print: {type: io.print}\n"
                    "wires: [count.number -> print.in]\n")});
  command.standard_output = ends[1];
  Process sut(command);
  ::close(ends[1]);
  char first = 0;
  ASSERT_EQ(1, ::read(ends[0], &first, 1));
  ::close(ends[0]);
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "20000"));  // the table: all were printed, to nobody
}

TEST_F(SurroundingsTest, AClosedStdoutIsNoReasonToFail) {
  auto command = host({circuit(kThreeNumbers)});
  const auto result = run(started_by({"sh", "-c", "exec \"$@\" >&-", "sh"}, command));
  EXPECT_EQ(0, result.status) << result.errors;
}

TEST_F(SurroundingsTest, NothingElseIsEverOpenedInThePlaceOfAClosedStdout) {
  // Or what blocks print would be written into a wire, say.
  auto command =
      host({circuit("blocks:\n"
                    "  count: {type: core.counter}\n"
                    "  sink: {type: test.recorder}\n"
                    "wires: [count.number -> sink.in]\n")});
  Process sut(started_by({"sh", "-c", "exec \"$@\" <&- >&-", "sh"}, command));
  sut.wait_until([&] { return !recorded("recorded.txt").empty(); }, "a frame");
  const auto descriptors = "/proc/" + std::to_string(sut.pid()) + "/fd/";
  EXPECT_EQ("/dev/null", fs::read_symlink(descriptors + "0"));
  EXPECT_EQ("/dev/null", fs::read_symlink(descriptors + "1"));
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
}

TEST_F(SurroundingsTest, FiguresThatCannotBeWrittenAreAFailure) {
  auto command = host({circuit(kThreeNumbers), "--json"});
  const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  command.standard_output = full.get();
  const auto result = run(command);
  EXPECT_EQ(1, result.status);
  EXPECT_TRUE(contains(result.errors, "No space left on device"));
}

TEST_F(SurroundingsTest, LinesThatCannotBeWrittenAreAFailure) {
  auto command = host({circuit(kThreeNumbers)});
  const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  command.standard_output = full.get();
  const auto result = run(command);
  EXPECT_EQ(1, result.status);
  EXPECT_TRUE(contains(result.errors, "No space left on device"));
}

TEST_F(SurroundingsTest, AVideoThatFillsTheDiskIsAFailure) {
  if (!may_unshare({"-m"})) GTEST_SKIP() << "no mount namespaces here (needs root)";
  const auto disk = folder() / "disk";
  fs::create_directories(disk);
  auto command = host({circuit("blocks:\n"
                               "  video: {type: io.video_file, params: {path: \"${VIDEO}\"}}\n"
                               "  save: {type: io.video_writer, params: {path: disk/saved.avi}}\n"
                               "wires: [video.frames -> save.image]\n"),
                       "--frames", "60"});
  const auto result =
      run(started_by({"unshare", "-m", "sh", "-ec",
                      "mount -t tmpfs -o size=1m none \"$HOME/disk\"\nexec \"$@\"", "sh"},
                     command));
  if (result.errors.find("mount: ") != std::string::npos) GTEST_SKIP() << result.errors;
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "block save gave up: "));
  EXPECT_TRUE(contains(result.errors, "is the disk full?"));
}

}  // namespace vcengine::test
