/// Each block is a process of its own, and only there is its plugin ever mapped.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> shipped_plugins() {
  std::vector<fs::path> plugins;
  for (const auto& entry : fs::directory_iterator(build_folder() / "lib/vcengine/plugins")) {
    if (entry.path().extension() == ".so") plugins.push_back(entry.path());
  }
  return plugins;
}

/// "nm -D --defined-only FILE" and the like.
std::vector<std::string> lines_from(std::vector<std::string> argv) {
  const auto result = run({.argv = std::move(argv), .environment = {{"LC_ALL", "C"}}});
  EXPECT_EQ(0, result.status) << result.errors;
  return lines_of(result.output);
}

using Modules = std::set<std::string>;

/// OpenCV's modules that a plugin is linked to: "core", "imgproc" …
Modules opencv_modules_of(const fs::path& plugin) {
  const std::string before = "libopencv_";
  Modules modules;
  for (const auto& line : lines_from({"readelf", "-d", plugin.string()})) {
    const auto at = line.find(before);
    if (line.find("(NEEDED)") == std::string::npos || at == std::string::npos) continue;
    const auto begin = at + before.size();
    modules.insert(line.substr(begin, line.find('.', begin) - begin));
  }
  return modules;
}

/// What each may be linked to: imgcodecs, videoio and highgui cost each process 100 ms of loading.
const std::map<std::string, Modules> kModules = {
    {"core_counter", {}},
    {"core_null", {}},
    {"core_scale", {}},
    {"flow_delay", {}},
    {"flow_every_nth", {}},
    {"flow_gate", {}},
    {"flow_sample_hold", {}},
    {"flow_sync", {}},
    {"flow_throttle", {}},
    {"io_camera", {"core", "videoio"}},
    {"io_image_file", {"core", "imgcodecs"}},
    {"io_image_writer", {"core", "imgcodecs"}},
    {"io_print", {}},
    {"io_screen", {"core", "highgui"}},
    {"io_test_pattern", {"core", "imgproc"}},
    {"io_video_file", {"core", "videoio"}},
    {"io_video_writer", {"core", "videoio"}},
    {"vision_color_filter", {"core", "imgproc"}},
    {"vision_edge_detector", {"core", "imgproc"}},
    {"vision_overlay", {"core"}},
};

}  // namespace

class WorkersTest : public HostTest {};

TEST_F(WorkersTest, AreProcessesOfTheirOwnWithTitlesAndProcessGroups) {
  Process sut(
      host({(source_folder() / "circuits/edges.yaml").string(), "--set", "video.loop=true"}));
  const std::set<std::string> expected = {"edges/video", "edges/filter", "edges/detect",
                                          "edges/view_colors", "edges/view_edges"};
  std::vector<WorkerId> workers;
  sut.wait_until(
      [&] {
        workers = workers_of(sut.pid());
        return workers.size() == expected.size();
      },
      "five workers");

  std::set<std::string> names;
  std::set<pid_t> ids = {sut.pid(), ::getpid()};
  for (const auto& worker : workers) {
    names.insert(worker.name);
    ids.insert(worker.pid);
    EXPECT_EQ(worker.pid, ::getpgid(worker.pid)) << worker.name;
  }
  EXPECT_EQ(expected, names);
  EXPECT_EQ(7U, ids.size());
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
}

TEST_F(WorkersTest, MapTheirPluginAndTheHostMapsNone) {
  Process sut(
      host({(source_folder() / "circuits/edges.yaml").string(), "--set", "video.loop=true"}));
  const auto detector_is_mapped = [&] {
    return std::ranges::any_of(workers_of(sut.pid()), [](const WorkerId& worker) {
      return worker.name == "edges/detect" &&
             maps_of(worker.pid).find("vision_edge_detector.so") != std::string::npos;
    });
  };
  sut.wait_until(detector_is_mapped, "edges/detect to map its plugin");
  sut.wait_for_errors("[view_edges]");  // all plugins are loaded, and blocks are being started

  const auto host_maps = maps_of(sut.pid());
  EXPECT_TRUE(contains(host_maps, "bin/vcengine"));
  EXPECT_FALSE(contains(host_maps, "/plugins/"));
  EXPECT_FALSE(contains(host_maps, "libopencv"));
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
}

TEST_F(WorkersTest, HaveNoDescriptorOfTheirNeighboursAndNoneOfOurs) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter}\n"
                    "  sink: {type: io.print, params: {every: 1000000000}}\n"
                    "wires: [count.number -> sink.in]\n")}));
  sut.wait_for_output("[sink] 1 ");  // running: all pages were mapped and their descriptors closed
  for (const auto& worker : workers_of(sut.pid())) {
    std::multiset<std::string> open;
    for (const auto& entry :
         fs::directory_iterator("/proc/" + std::to_string(worker.pid) + "/fd")) {
      const auto target = fs::read_symlink(entry.path()).string();
      open.insert(target.substr(0, target.find_first_of("[0123456789")));
    }
    // stdin; stdout and stderr; the control socket; the crash report, and what goes into it
    const std::multiset<std::string> expected = {
        "/dev/null", "pipe:", "pipe:", "socket:", "/memfd:vcengine:crash (deleted)", "/proc/"};
    EXPECT_EQ(expected, open) << worker.name;
  }
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
}

TEST(PluginFilesTest, ExportTheirEntryAndNothingElse) {
  ASSERT_FALSE(shipped_plugins().empty());
  for (const auto& plugin : shipped_plugins()) {
    std::vector<std::string> names;
    for (const auto& line : lines_from({"nm", "-D", "--defined-only", plugin.string()})) {
      const auto name = line.substr(line.rfind(' ') + 1);
      if (!name.starts_with("VCENGINE_"))
        names.push_back(name);  // the name of a version, no symbol
    }
    EXPECT_EQ(std::vector<std::string>{"vcengine_plugin"}, names) << plugin;
  }
}

TEST(PluginFilesTest, AreLinkedToTheOpenCvModulesTheyUseAndToNoOther) {
  for (const auto& plugin : shipped_plugins()) {
    const auto expected = kModules.find(plugin.stem().string());
    ASSERT_NE(kModules.end(), expected) << plugin << " needs its line in the table of this test";
    EXPECT_EQ(expected->second, opencv_modules_of(plugin)) << plugin;
  }
}

}  // namespace vcengine::test
