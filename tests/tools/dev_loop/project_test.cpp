#include "tools/dev_loop/project.hpp"

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.hpp"
#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class ProjectTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;

  void SetUp() override { folder_.write("CMakeLists.txt", ""); }

  std::string refusal(const std::filesystem::path& folder, const std::string& circuit = "") const {
    try {
      open_project(folder, circuit);
    } catch (const ProjectError& error) {
      return error.what();
    }
    return {};
  }
};

TEST_F(ProjectTest, TheOnlyCircuitIsTheOneToRun) {
  folder_.write("my.yaml", "");
  EXPECT_EQ("my.yaml", open_project(folder_.path(), "").circuit.filename());
}

TEST_F(ProjectTest, OfSeveralCircuitsNoneIsRunUnlessItIsNamed) {
  folder_.write("a.yaml", "");
  folder_.write("b.yaml", "");
  const auto sut = open_project(folder_.path(), "");
  EXPECT_TRUE(sut.circuit.empty());
  EXPECT_EQ("several circuits (a.yaml, b.yaml): name the one to run", sut.why_no_circuit);
  EXPECT_EQ("b.yaml", open_project(folder_.path(), "b.yaml").circuit.filename());
}

TEST_F(ProjectTest, AFolderThatCannotBeBuiltIsRefusedWithTheWayOut) {
  EXPECT_TRUE(contains(refusal(folder_.path() / "none"), "there is no folder"));
  EXPECT_TRUE(contains(refusal(folder_.path(), "none.yaml"), "there is no circuit 'none.yaml'"));
  std::filesystem::remove(folder_.path() / "CMakeLists.txt");
  EXPECT_TRUE(contains(refusal(folder_.path()), "vcengine new block"));
}

TEST_F(ProjectTest, WhatWasChosenWhenItWasConfiguredStays) {
  const auto sut = open_project(folder_.path(), "");
  EXPECT_LT(5U, sut.configure_command().size());
  folder_.write("build/CMakeCache.txt", "");
  EXPECT_EQ(5U, sut.configure_command().size());
}

}  // namespace vcengine::test
