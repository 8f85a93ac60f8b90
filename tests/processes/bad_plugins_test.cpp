/// Plugins that crash, hang or lie when they are described: named, skipped, and no harm to the
/// rest.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class BadPluginsTest : public HostTest {
 protected:
  /// Runs a good circuit beside the plugin; gives what the host says about it.
  std::string warning_of(const std::string& plugin) const {
    const auto good = circuit(
        "blocks:\n  count: {type: core.counter, params: {count: 10}}\n  sink: {type: core.null}\n"
        "wires: [count.number -> sink.in]\n");
    auto command = host({good, "--json", "--plugins", misbehaving(plugin).string()});
    // A cache that knows the good plugins but not this one, whatever ran before.
    copy_warm_cache(good);
    command.environment["XDG_CACHE_HOME"] = (folder() / "cache").string();
    command.environment["VCENGINE_DESCRIBE_TIMEOUT_MS"] =
        plugin == "hang_at_load" ? "500" : "60000";
    const auto result = run(command);
    EXPECT_EQ(0, result.status) << result.errors;
    EXPECT_EQ(10, parse_report(result.output).blocks.at("sink").frames);
    return result.errors;
  }

 private:
  void copy_warm_cache(const std::string& good) const {
    const auto command = host({"check", good});
    EXPECT_EQ(0, run(command).status);
    std::filesystem::copy(*command.environment.at("XDG_CACHE_HOME"), folder() / "cache",
                          std::filesystem::copy_options::recursive);
  }
};

TEST_F(BadPluginsTest, OneThatCrashesIsNamedWithItsSignal) {
  EXPECT_TRUE(
      contains(warning_of("crash_at_load"),
               "warning: plugin crash_at_load.so: crashed while it was described (SIGSEGV)"));
}

TEST_F(BadPluginsTest, OneThatHangsIsNamedAfterATime) {
  EXPECT_TRUE(contains(warning_of("hang_at_load"),
                       "warning: plugin hang_at_load.so: did not answer within 500 ms"));
}

TEST_F(BadPluginsTest, OneOfAnotherAbiIsNamed) {
  const auto warning = warning_of("wrong_abi");
  EXPECT_TRUE(contains(warning, "warning: plugin wrong_abi.so: "));
  EXPECT_TRUE(contains(warning, "999"));
}

TEST_F(BadPluginsTest, ATextFileIsNamed) {
  EXPECT_TRUE(contains(warning_of("text_file"), "warning: plugin text_file.so: "));
}

TEST_F(BadPluginsTest, AnEmptyFileIsNamed) {
  EXPECT_TRUE(contains(warning_of("empty_file"), "warning: plugin empty_file.so: "));
}

TEST_F(BadPluginsTest, OneThatRegistersANameTwiceIsNamed) {
  const auto warning = warning_of("registers_twice");
  EXPECT_TRUE(contains(warning, "warning: plugin registers_twice.so: "));
  EXPECT_TRUE(contains(warning, "misbehaving.twin"));
}

TEST_F(BadPluginsTest, ACircuitThatNeedsABadPluginIsRefusedAndTheReasonSaidFirst) {
  const auto result = run_host({circuit("blocks: {twin: {type: misbehaving.twin}}\n"), "--plugins",
                                misbehaving("registers_twice").string()});
  EXPECT_EQ(2, result.status);
  const auto reason = result.errors.find("warning: plugin registers_twice.so");
  const auto refusal = result.errors.find("no block type 'misbehaving.twin'");
  EXPECT_NE(std::string::npos, refusal) << result.errors;
  EXPECT_LT(reason, refusal) << result.errors;
}

}  // namespace vcengine::test
