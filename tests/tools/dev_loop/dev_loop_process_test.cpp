/// `vcengine dev` as installed, on a small project: saves are made, and what it prints is waited
/// for.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/install/installed.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

class DevLoopTest : public InstalledTest {
 protected:
  const fs::path prefix_ = VCENGINE_TEST_PREFIX;
  const fs::path project_ = folder() / "project";

  void SetUp() override {
    adopt_orphans();
    save("CMakeLists.txt",
         "cmake_minimum_required(VERSION 3.25)\n"
         "project(trial CXX)\n"
         "enable_testing()\n"
         "find_package(vcengine REQUIRED)\n"
         "vcengine_add_plugin(times times.cpp)\n"
         "add_executable(check check.cpp)\n"
         "add_test(NAME Factor.IsPositive COMMAND check)\n"
         "add_custom_target(held ALL COMMAND sh ${CMAKE_SOURCE_DIR}/hold.sh)\n");
    save("hold.sh", "");
    save("factor.hpp", "constexpr int kFactor = 3;\n");
    save("check.cpp",
         "#include <cstdio>\n#include \"factor.hpp\"\n"
         "int main() { if (kFactor > 0) return 0; std::puts(\"the factor is negative\"); return 1; "
         "}\n");
    save("times.cpp",
         "#include <vcengine/block.hpp>\n"
         "#include \"factor.hpp\"\n"
         "struct Times final : vcengine::Block {\n"
         "  vcengine::In<vcengine::Number> in{this, \"in\", \"Any\"};\n"
         "  vcengine::Out<vcengine::Number> out{this, \"out\", \"More\"};\n"
         "  void process() override { out.publish(*in * kFactor); }\n"
         "};\n"
         "VCENGINE_PLUGIN(registry) { registry.add<Times>(\"trial.times\", \"Multiplies\"); }\n");
    save("trial.yaml",
         "blocks:\n"
         "  count: {type: core.counter, rate: 20}\n"
         "  times: {type: trial.times}\n"
         "  print: {type: io.print}\n"
         "wires: [count.number -> times.in, times.out -> print.in]\n");
  }

  void save(const std::string& file, std::string_view text) const {
    fs::create_directories(project_);
    std::ofstream(project_ / file) << text;
  }

  Command dev(std::vector<std::string> arguments = {}) const {
    std::vector<std::string> argv{"vcengine", "dev", project_.string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return with(prefix_, argv);
  }

  /// The first number that a circuit of this factor prints.
  static std::string first(int factor) { return " s  " + std::to_string(factor) + "\n"; }

  static void wait_for_more(Process& sut, std::string_view text) {
    const auto so_far = sut.output().size();
    sut.wait_until([&] { return sut.output().find(text, so_far) != std::string::npos; }, text);
  }
};

TEST_F(DevLoopTest, ASaveIsBuiltTestedAndRunAndTheOldCircuitGoesOnWhileItIsWrong) {
  Process sut(dev());
  sut.wait_for_output(first(3));

  save("factor.hpp", "constexpr int kFactor = oops;\n");
  sut.wait_for_output("the circuit goes on as it was");
  EXPECT_TRUE(contains(sut.output(), "\nfactor.hpp:1:25: "));
  EXPECT_TRUE(contains(sut.output(), "constexpr int kFactor = oops;\n"));
  for (const auto* noise : {"FAILED:", "included from", "/c++ ", "ninja"}) {
    EXPECT_EQ(std::string::npos, sut.output().find(noise)) << sut.output();
  }
  wait_for_more(sut, "[print] ");

  save("factor.hpp", "constexpr int kFactor = -3;\n");
  sut.wait_for_output("1 of 1 tests failed\nthe circuit goes on as it was");
  EXPECT_TRUE(contains(sut.output(), "Factor.IsPositive\n  the factor is negative\n"));
  wait_for_more(sut, "[print] ");  // its plugin was built anew, and it still runs
  EXPECT_EQ(std::string::npos, sut.output().find(first(-3)));

  // Into the circuit that runs: its numbers go on.
  save("factor.hpp", "constexpr int kFactor = 5;\n");
  sut.wait_for_output("exchanged: times");
  wait_for_more(sut, "0\n");  // each second number is even
  EXPECT_EQ(std::string::npos, sut.output().find(first(5)));
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  EXPECT_TRUE(no_children_left());
}

TEST_F(DevLoopTest, WhereTheCircuitCannotTakeItOnAnotherOneIsStarted) {
  Process sut(dev());
  sut.wait_for_output(first(3));
  save("trial.yaml", "clock: media\n" + read_file(project_ / "trial.yaml"));
  sut.wait_for_output("it goes by another clock; start it again");
  wait_for_more(sut, first(3));
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
}

TEST_F(DevLoopTest, ASaveDuringABuildBeginsAnew) {
  save("hold.sh", "sleep 1000\n");
  Process sut(dev({"--verbose"}));
  // Only its process tells; it would not end by itself.
  sut.wait_until(
      [&] {
        for (const auto& entry : fs::directory_iterator("/proc")) {
          if (read_file(entry.path() / "cmdline") == std::string("sleep\0001000\000", 11) &&
              read_file(entry.path() / "environ").find(folder().string()) != std::string::npos) {
            return true;
          }
        }
        return false;
      },
      "the build to hold");
  save("hold.sh", "");
  save("factor.hpp", "constexpr int kFactor = 7;\n");
  sut.wait_for_output(first(7));
  sut.signal(SIGTERM);
  EXPECT_EQ(143, sut.wait()) << sut.errors();
  EXPECT_TRUE(no_children_left());
}

TEST_F(DevLoopTest, ACircuitThatEndsByItselfRunsAgainAfterTheNextSave) {
  Process sut(dev({"--", "--frames", "2"}));
  sut.wait_for_output("the circuit ended with status 0; it runs again after the next save");
  save("trial.yaml", read_file(project_ / "trial.yaml") + "# saved\n");
  wait_for_more(sut, "the circuit ended with status 0");
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait());
}

TEST_F(DevLoopTest, KilledItLeavesNothing) {
  Process sut(dev());
  sut.wait_for_output(first(3));
  sut.signal(SIGKILL);
  EXPECT_EQ(128 + SIGKILL, sut.wait());
  EXPECT_TRUE(eventually(no_children_left));
}

TEST_F(DevLoopTest, WithoutCMakeItsPackageIsNamed) {
  auto command = dev();
  command.argv = {(prefix_ / "bin/vcengine").string(), "dev", project_.string()};
  command.environment["PATH"] = folder().string();
  const auto result = run(command);
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "no cmake on PATH; install the Debian package cmake"));
}

}  // namespace vcengine::test
