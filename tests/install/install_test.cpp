/// The installed prefix, with nothing of this project around it: what users run, what block authors
/// build.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/install/installed.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

class InstallTest : public InstalledTest {
 protected:
  const fs::path prefix_ = VCENGINE_TEST_PREFIX;
  const fs::path outside_ = folder() / "outside";  ///< a copy of the author's project
  const std::string build_ = (outside_ / "build").string();

  void copy_project() const {
    fs::copy(VCENGINE_TEST_OUTSIDE, outside_, fs::copy_options::recursive);
  }
  void configure() const {
    output_of(with(prefix_, {"cmake", "-S", outside_.string(), "-B", build_}));
  }
  void build(const std::string& target) const {
    output_of(with(prefix_, {"cmake", "--build", build_, "--target", target}));
  }
  void configure_and_build(const std::string& target) const {
    copy_project();
    configure();
    build(target);
  }
  /// A project of these lines, of which CMake must not approve: what it says.
  std::string refusal_of(std::string_view lines) const {
    fs::create_directories(outside_);
    std::ofstream(outside_ / "CMakeLists.txt")
        << "cmake_minimum_required(VERSION 3.25)\nproject(wrong CXX)\n"
           "find_package(vcengine REQUIRED)\n"
        << lines;
    std::ofstream(outside_ / "block.cpp") << "#include <vcengine/image.hpp>\n";
    const auto result = run(with(prefix_, {"cmake", "-S", outside_.string(), "-B", build_}));
    EXPECT_EQ(1, result.status) << result.output;
    return result.errors;
  }
};

TEST_F(InstallTest, AnInstalledCircuitRuns) {
  const auto circuit = prefix_ / "share/vcengine/circuits/hello.yaml";
  const auto output =
      output_of(with(prefix_, {"vcengine", circuit.string(), "--set", "count.count=2"}));
  EXPECT_TRUE(contains(output, " 14\n"));
}

TEST_F(InstallTest, OnlyTheHostAndItsToolsAreOnThePath) {
  for (const auto& program : fs::directory_iterator(prefix_ / "bin")) {
    EXPECT_FALSE(program.path().filename() == "vcengine-worker" ||
                 program.path().filename() == "vcengine-symbolize");
  }
}

TEST_F(InstallTest, AnOutsideProjectBuildsItsBlockTestsItAndRunsIt) {
  configure_and_build("all");
  const auto tested = output_of(with(prefix_, {"ctest", "--test-dir", build_, "--no-tests=error"}));
  EXPECT_TRUE(contains(tested, "InvertTest.BlackBecomesWhite"));
  const auto output = output_of(with(prefix_, {"vcengine", (outside_ / "outside.yaml").string()}));
  EXPECT_TRUE(contains(output, "image 8UC1 64x48"));
}

TEST_F(InstallTest, APluginInstalledWithoutAPrefixIsFoundByEveryCircuitOfTheUser) {
  configure_and_build("outside_invert");
  configure();  // a second time, when CMake no longer knows that the prefix is its own idea
  output_of(with(prefix_, {"cmake", "--install", build_}));
  EXPECT_TRUE(fs::exists(folder() / ".local/share/vcengine/plugins/outside_invert.so"));
  output_of(with(prefix_, {"vcengine", "inspect", "outside.invert"}));
}

TEST_F(InstallTest, TheUsersDataFolderMayBeElsewhere) {
  configure_and_build("outside_invert");
  for (const auto& argv : {std::vector<std::string>{"cmake", "--install", build_},
                           {"vcengine", "inspect", "outside.invert"}}) {
    auto command = with(prefix_, argv);
    command.environment["XDG_DATA_HOME"] = (folder() / "data").string();
    output_of(command);
  }
  EXPECT_TRUE(fs::exists(folder() / "data/vcengine/plugins/outside_invert.so"));
}

TEST_F(InstallTest, APluginInstalledWithAPrefixLandsThere) {
  configure_and_build("outside_invert");
  const auto there = folder() / "there";
  output_of(with(prefix_, {"cmake", "--install", build_, "--prefix", there.string()}));
  EXPECT_TRUE(fs::exists(there / "lib/vcengine/plugins/outside_invert.so"));
  EXPECT_FALSE(fs::exists(folder() / ".local"));
}

TEST_F(InstallTest, AMovedPrefixRunsAndIsFoundByCMake) {
  const auto moved = folder() / "moved here";
  output_of(with(prefix_, {"cp", "-a", prefix_.string(), moved.string()}));
  const auto circuit = moved / "share/vcengine/circuits/hello.yaml";
  output_of(with(moved, {"vcengine", circuit.string(), "--set", "count.count=1"}));
  for (const auto* program :
       {"bin/vcengine", "lib/vcengine/vcengine-worker", "lib/vcengine/plugins/core_counter.so"}) {
    const auto libraries = output_of(with(moved, {"ldd", (moved / program).string()}));
    EXPECT_TRUE(contains(libraries, moved.string()));
    EXPECT_EQ(std::string::npos, libraries.find(prefix_.string())) << libraries;
  }
  copy_project();
  output_of(with(moved, {"cmake", "-S", outside_.string(), "-B", build_}));
  EXPECT_TRUE(contains(read_file(outside_ / "build/CMakeCache.txt"),
                       "vcengine_DIR:PATH=" + (moved / "lib/cmake/vcengine").string()));
}

TEST_F(InstallTest, ATestThatCtestWouldNotSeeIsRefused) {
  const auto refusal = refusal_of("vcengine_add_block_test(block_test block.cpp)\n");
  EXPECT_TRUE(contains(refusal, "enable_testing()"));
}

TEST_F(InstallTest, ATestOfAPluginThatIsNotThereIsRefused) {
  const auto refusal =
      refusal_of("enable_testing()\nvcengine_add_block_test(block_test block.cpp PLUGIN blok)\n");
  EXPECT_TRUE(contains(refusal, "there is no plugin 'blok'"));
}

TEST_F(InstallTest, AnOpenCvModuleThatIsNotThereIsNamed) {
  const auto refusal =
      refusal_of("vcengine_add_plugin(block block.cpp LIBRARIES opencv_imgprok)\n");
  EXPECT_TRUE(contains(refusal, "imgprok"));
  EXPECT_TRUE(contains(refusal, "libopencv-core-dev"));
}

TEST_F(InstallTest, ABlockNamesItsOpenCvModuleAndNothingElse) {
  copy_project();
  std::ofstream(outside_ / "CMakeLists.txt")
      << "cmake_minimum_required(VERSION 3.25)\nproject(no_tests CXX)\n"
         "find_package(vcengine REQUIRED)\n"
         "vcengine_add_plugin(outside_invert invert.cpp LIBRARIES opencv_imgproc)\n";
  configure();
  build("outside_invert");
  EXPECT_TRUE(fs::exists(outside_ / "plugins/outside_invert.so"));
}

TEST_F(InstallTest, PicturesWithoutOpenCvSayWhichLibraryToName) {
  copy_project();
  std::ofstream(outside_ / "CMakeLists.txt")
      << "cmake_minimum_required(VERSION 3.25)\nproject(wrong CXX)\n"
         "find_package(vcengine REQUIRED)\nvcengine_add_plugin(invert invert.cpp)\n";
  std::ofstream(outside_ / "invert.cpp") << "#include <vcengine/image.hpp>\n";
  configure();
  const auto result = run(with(prefix_, {"cmake", "--build", build_}));
  EXPECT_NE(0, result.status);
  EXPECT_TRUE(contains(result.output + result.errors, "LIBRARIES opencv_core"));
}

}  // namespace vcengine::test
