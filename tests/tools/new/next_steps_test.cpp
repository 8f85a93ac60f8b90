#include "tools/new/next_steps.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/engine/temporary_folder.hpp"
#include "tests/tools/common/refusal_of.hpp"

namespace vcengine {
namespace {

class NextStepsTest : public ::testing::Test {
 protected:
  /// Somebody's vcengine: a shell starts only what may be executed.
  std::filesystem::path write_host(const std::filesystem::path& name) const {
    auto file = temporary_.write(name, "");
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file;
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path prefix_ = temporary_.path();
  const std::filesystem::path program_ = prefix_ / "bin/vcengine-new";
};

TEST_F(NextStepsTest, AreFourLinesThatAShellTakesAsTheyAre) {
  const auto steps = next_steps(make_block({.name = "finder"}), "my blocks/finder", {});
  EXPECT_EQ(steps,
            "cmake -S 'my blocks/finder' -B 'my blocks/finder/build'\n"
            "cmake --build 'my blocks/finder/build'\n"
            "ctest --test-dir 'my blocks/finder/build' --output-on-failure\n"
            "vcengine 'my blocks/finder/finder.yaml'\n");
}

TEST_F(NextStepsTest, NameThePrefixWhereCMakeDoesNotLookByItself) {
  temporary_.write("bin/vcengine", "");
  temporary_.write("lib/cmake/vcengine/vcengineConfig.cmake", "");
  EXPECT_EQ(surroundings_of(program_, "").prefix, prefix_);
  EXPECT_EQ(surroundings_of("/usr/bin/vcengine-new", "").prefix, "");
}

TEST_F(NextStepsTest, NameTheHostWithItsFolderUnlessThePathLeadsThere) {
  write_host("bin/vcengine");
  const auto other = write_host("other/vcengine").parent_path().string();
  const auto bin = (prefix_ / "bin").string();
  EXPECT_EQ(surroundings_of(program_, "/nowhere::" + bin).host, "vcengine");
  EXPECT_EQ(surroundings_of(program_, other + ":" + bin).host, bin + "/vcengine");
  EXPECT_EQ(surroundings_of(program_, "").host, bin + "/vcengine");
}

TEST_F(NextStepsTest, InstallWhatWasOnlyBuilt) {
  temporary_.write("CMakeCache.txt", "");
  const auto steps =
      next_steps(make_block({.name = "finder"}), "finder", surroundings_of(program_, ""));
  EXPECT_EQ(steps.find("cmake --install " + prefix_.string()), 0U) << steps;
}

TEST_F(NextStepsTest, EndACircuitThatDoesNotEndByItself) {
  const auto block = make_block({.name = "sensor", .outputs = {"value:Number"}});
  EXPECT_TRUE(has(next_steps(block, "sensor", {}), "sensor/sensor.yaml --frames 300"));
}

}  // namespace
}  // namespace vcengine
