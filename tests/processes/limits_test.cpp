/// A system that grants too few descriptors or too little memory: whatever the number is, a circuit
/// runs or says what there is too little of.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {
namespace {

class LimitsTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  /// `limit`: an option of prlimit, "--nofile=20".
  Result run_with(const std::string& limit) const { return run_with(limit, {file_, "-q"}); }
  Result run_with(const std::string& limit, std::vector<std::string> arguments) const {
    auto command = host(std::move(arguments));
    command.argv.insert(command.argv.begin(), {"prlimit", limit, "--"});
    return run(command);
  }

  const std::string file_ = circuit(
      "blocks:\n"
      "  count: {type: core.counter, params: {count: 20}}\n"
      "  scale: {type: core.scale}\n"
      "  sink: {type: core.null}\n"
      "wires:\n"
      "  - count.number -> scale.in\n"
      "  - scale.out -> sink.in\n");
};

TEST_F(LimitsTest, AnyNumberOfDescriptorsIsEnoughOrSaidToBeTooFew) {
  int ran = 0, refused = 0;
  for (int files = 4; ran < 5; ++files) {
    const auto result = run_with("--nofile=" + std::to_string(files));
    if (result.status == 0) {
      ++ran;
      continue;
    }
    ++refused;
    ASSERT_LT(files, 1000);
    EXPECT_LT(result.status, 126) << files << " descriptors: " << result.errors;
    EXPECT_TRUE(contains(result.errors, "Too many open files")) << files << " descriptors";
  }
  EXPECT_GT(refused, 10);
}

TEST_F(LimitsTest, AnyAddressSpaceIsEnoughOrSaidToBeTooSmall) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer needs terabytes of it";
#endif
  const auto space = [](int megabytes) { return "--as=" + std::to_string(megabytes << 20); };
  int megabytes = 1;  // with which the program itself can be loaded
  while (run_with(space(megabytes), {"--version"}).status != 0) ASSERT_LT(++megabytes, 4096);
  int ran = 0, refused = 0;
  for (; ran < 3; ++megabytes) {
    ASSERT_LT(megabytes, 4096);
    const auto result = run_with(space(megabytes));
    if (result.status == 0) {
      ++ran;
      continue;
    }
    ++refused;
    EXPECT_LT(result.status, 126) << megabytes << " MB: " << result.errors;
    EXPECT_FALSE(result.errors.empty()) << megabytes << " MB";
    EXPECT_EQ(result.errors.find("make no sense"), std::string::npos) << result.errors;
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace vcengine::test
