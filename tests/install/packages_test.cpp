/// The two Debian packages, unpacked and not installed: that needs a system of its own, see
/// tests/install/clean_root.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "tests/install/installed.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

class PackagesTest : public InstalledTest {
 protected:
  void SetUp() override {
    if (run({.argv = {"sh", "-c", "command -v dpkg-deb"}, .environment = {}}).status != 0) {
      GTEST_SKIP() << "this system has no dpkg-deb";
    }
  }

  static std::string package(const std::string& name) {
    for (const auto& entry : fs::directory_iterator(VCENGINE_TEST_PACKAGES)) {
      if (entry.path().filename().string().starts_with(name + "_")) return entry.path().string();
    }
    throw std::runtime_error("there is no package " + name + " in " VCENGINE_TEST_PACKAGES);
  }

  static std::string field(const std::string& name, const std::string& field) {
    return output_of({.argv = {"dpkg-deb", "--field", package(name), field}, .environment = {}});
  }

  /// One line of `tar -tv` for each entry.
  static std::vector<std::string> entries(const std::string& name) {
    return lines_of(
        output_of({.argv = {"dpkg-deb", "--contents", package(name)}, .environment = {}}));
  }

  /// What is in a package and is no folder, below /usr.
  static std::set<fs::path> files(const std::string& name) {
    std::set<fs::path> found;
    for (const auto& entry : entries(name)) {
      if (entry.starts_with('d')) continue;
      const auto begin = entry.find(" ./usr/") + 7;
      found.insert(entry.substr(begin, entry.find(" -> ") - begin));
    }
    return found;
  }
};

TEST_F(PackagesTest, HoldTogetherAllThatIsInstalledAndEachFileOnce) {
  auto packaged = files("vcengine");
  for (const auto& file : files("vcengine-dev")) {
    EXPECT_TRUE(packaged.insert(file).second) << file << " is in both packages";
  }
  const fs::path prefix = VCENGINE_TEST_PREFIX;
  for (const auto& entry : fs::recursive_directory_iterator(prefix)) {
    if (entry.is_directory()) continue;
    const auto file = entry.path().lexically_relative(prefix);
    EXPECT_EQ(1U, packaged.erase(file)) << file << " is in no package: which COMPONENT is it of?";
  }
  EXPECT_EQ(std::set<fs::path>{}, packaged) << "packaged, but not installed";
}

TEST_F(PackagesTest, WhatAuthorsNeedAndNobodyElseIsInVcengineDev) {
  const auto of_users = files("vcengine");
  const auto of_authors = files("vcengine-dev");
  for (const auto* file :
       {"bin/vcengine", "lib/vcengine/vcengine-worker", "lib/vcengine/vcengine-symbolize",
        "lib/vcengine/plugins/io_screen.so", "share/vcengine/circuits/hello.yaml",
        "share/doc/vcengine/blocks/README.md", "share/doc/vcengine/blocks/vision/edge_detector.md",
        "share/doc/vcengine/blocks/vision/edge_detector.svg",
        "share/doc/vcengine/blocks/vision/edge_detector_result.jpg"}) {
    EXPECT_TRUE(of_users.contains(file)) << file;
  }
  EXPECT_TRUE(
      std::ranges::none_of(of_users, [](const auto& file) { return file.extension() == ".hpp"; }));
  for (const auto* file : {"lib/libvcengine.so", "include/vcengine/block.hpp",
                           "lib/cmake/vcengine/vcengineConfig.cmake"}) {
    EXPECT_TRUE(of_authors.contains(file)) << file;
  }
}

TEST_F(PackagesTest, FilesBelongToRootAndNobodyElseMayWriteThem) {
  for (const auto* name : {"vcengine", "vcengine-dev"}) {
    for (const auto& entry : entries(name)) {
      const auto mode = entry.substr(0, 10);
      EXPECT_TRUE(mode == "drwxr-xr-x" || mode == "-rwxr-xr-x" || mode == "-rw-r--r--" ||
                  mode == "lrwxrwxrwx")
          << entry;
      EXPECT_TRUE(contains(entry, " root/root ")) << name;
    }
  }
}

TEST_F(PackagesTest, NameTheLibrariesThatProgramsAndPluginsLink) {
  const auto depends = field("vcengine", "Depends");
  for (const auto* library : {"libc6", "libopencv-imgproc", "libopencv-videoio", "libyaml-cpp"}) {
    EXPECT_TRUE(contains(depends, library));
  }
}

TEST_F(PackagesTest, VcengineDevBringsWhatAFirstBlockAndItsTestNeed) {
  const auto depends = field("vcengine-dev", "Depends");
  const auto version = field("vcengine", "Version");
  EXPECT_TRUE(contains(depends, "vcengine (= " + version.substr(0, version.find('\n')) + ")"));
  for (const auto* package : {"g++", "cmake", "libopencv-imgproc-dev", "libgmock-dev"}) {
    EXPECT_TRUE(contains(depends, package));
  }
}

TEST_F(PackagesTest, UnpackedSomewhereItRuns) {
  output_of({.argv = {"dpkg-deb", "--extract", package("vcengine"), folder().string()},
             .environment = {}});
  const auto usr = folder() / "usr";
  const auto output = output_of(
      with(usr, {(usr / "bin/vcengine").string(),
                 (usr / "share/vcengine/circuits/hello.yaml").string(), "--set", "count.count=1"}));
  EXPECT_TRUE(contains(output, " 7\n"));
}

TEST_F(PackagesTest, ACrashOfTheInstalledHostCanNameSourceLines) {
  output_of({.argv = {"dpkg-deb", "--extract", package("vcengine"), folder().string()},
             .environment = {}});
  const auto plugin = folder() / "usr/lib/vcengine/plugins/core_counter.so";
  const auto sections = output_of(
      {.argv = {"readelf", "--section-headers", "--wide", plugin.string()}, .environment = {}});
  EXPECT_TRUE(contains(sections, ".debug_line"));
}

}  // namespace vcengine::test
