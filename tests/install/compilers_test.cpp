/// Plugins of another compiler, or of another C++ library, under this host.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/install/installed.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

class CompilersTest : public InstalledTest {
 protected:
  const std::string compiler_ = VCENGINE_TEST_OTHER_COMPILER;  ///< empty: there is none

  void SetUp() override {
    if (compiler_.empty()) GTEST_SKIP() << "there is no second compiler here (g++ and clang++)";
  }
};

TEST_F(CompilersTest, APluginOfTheOtherCompilerRuns) {
  fs::copy(VCENGINE_TEST_OUTSIDE, folder() / "outside", fs::copy_options::recursive);
  const auto at = [&](std::vector<std::string> argv) {
    auto command = with(VCENGINE_TEST_PREFIX, std::move(argv));
    command.folder = folder() / "outside";
    return command;
  };
  output_of(at({"cmake", "-S", ".", "-B", "build", "-D", "CMAKE_CXX_COMPILER=" + compiler_}));
  output_of(at({"cmake", "--build", "build"}));
  output_of(at({"ctest", "--test-dir", "build", "--no-tests=error"}));
  EXPECT_TRUE(contains(output_of(at({"vcengine", "outside.yaml"})), "image 8UC1 64x48"));
}

/// Its constructor crashes, so whoever reads "was built with" has constructed none of it.
TEST_F(CompilersTest, APluginOfAnotherStandardLibraryIsRefusedBeforeItIsConstructed) {
  const fs::path clang = compiler_.find("clang") != compiler_.npos ? compiler_ : "clang++";
  const auto source = folder() / "other.cpp";
  std::ofstream(source)
      << "#include <vcengine/block.hpp>\n"
         "struct Other final : vcengine::Block {\n"
         "  Other() { __builtin_trap(); }\n"
         "  vcengine::In<vcengine::Number> in{this, \"in\", \"A number\"};\n"
         "  void process() override {}\n"
         "};\n"
         "VCENGINE_PLUGIN(registry) { registry.add<Other>(\"my.other\", \"\"); }\n";
  const fs::path prefix = VCENGINE_TEST_PREFIX;
  const auto plugin = (folder() / "other.so").string();
  const auto built = run(with(
      prefix, {clang.string(), "-std=c++20", "-stdlib=libc++", "-fPIC", "-shared", source.string(),
               "-I" + (prefix / "include").string(), "-L" + (prefix / "lib").string(), "-lvcengine",
               "-Wl,-rpath," + (prefix / "lib").string(), "-o", plugin}));
  if (built.status != 0 && built.errors.find("file not found") != built.errors.npos) {
    GTEST_SKIP() << "there is no libc++ here";
  }
  ASSERT_EQ(0, built.status) << built.errors;
  const auto result = run(with(prefix, {"vcengine", "inspect", plugin}));
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(
      contains(result.errors, "was built with the C++ library 'libc++', this is 'libstdc++"));
}

}  // namespace vcengine::test
