/// A hundred blocks that nobody wrote go through all that a block goes through.
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/control/json.hpp"
#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

class GeneratedBlocksTest : public HostTest, public testing::WithParamInterface<int> {
 protected:
  static constexpr std::size_t kBlocks = 100;
  const fs::path folder_ = VCENGINE_TEST_GENERATED;
  const std::string plugins_ = VCENGINE_TEST_GENERATED_PLUGINS;

  std::vector<std::string> names() const { return lines_of(read_file(folder_ / "names")); }
  std::string circuit_of(const std::string& name) const {
    return (folder_ / name / (name + ".yaml")).string();
  }
};

TEST_F(GeneratedBlocksTest, AreAllDescribed) {
  std::size_t described = 0;
  for (const auto& file : fs::directory_iterator(plugins_)) {
    const auto result = run_host({"inspect", file.path().string(), "--json"});
    ASSERT_EQ(0, result.status) << result.errors;
    const auto types = parse_json(result.output);
    for (const auto& type : types.as_array()) {
      const auto name = text_of(object_of(type, "type"), "type");
      described += name.starts_with("gen.") && name.find("feed") == name.npos;
    }
  }
  EXPECT_EQ(kBlocks, described);
}

TEST_F(GeneratedBlocksTest, AreAllWiredByACircuitThatTheCheckAccepts) {
  ASSERT_EQ(kBlocks, names().size());
  for (const auto& name : names()) {
    const auto result = run_host({"check", circuit_of(name), "--plugins", plugins_});
    EXPECT_EQ(0, result.status) << name << ": " << result.errors;
  }
}

/// A quarter of them, so that ctest can run two at a time.
TEST_P(GeneratedBlocksTest, RunInACircuit) {
  const auto all = names();
  for (auto i = static_cast<std::size_t>(GetParam()); i < all.size(); i += 4) {
    const auto report =
        figures_of({circuit_of(all[i]), "--plugins", plugins_, "--frames", "5", "--fast"});
    for (const auto& [block, figures] : report.blocks) {
      EXPECT_EQ(0, figures.exceptions) << all[i] << ": " << block;
    }
    for (const auto& [wire, figures] : report.wires) {
      EXPECT_EQ(figures.published, figures.taken + figures.dropped_in_all() + figures.in_flight)
          << all[i] << ": " << wire;
    }
    EXPECT_GT(report.blocks.at(all[i]).frames, 0) << all[i];
  }
}

/// One plugin, with a shorter stream than usual: there are a hundred of them.
class GeneratedPluginsTest : public GeneratedBlocksTest {};

TEST_P(GeneratedPluginsTest, SurviveTheStandardChecks) {
  const auto file = plugins_ + "/generated_" + std::to_string(GetParam()) + ".so";
  const auto result = run_host({"test", file, "--frames", "50"});
  EXPECT_EQ(0, result.status) << result.output << result.errors;
  EXPECT_TRUE(contains(result.output, " checks passed, 0 failed"));
}

INSTANTIATE_TEST_SUITE_P(Plugin, GeneratedPluginsTest,
                         testing::Range(0, VCENGINE_TEST_GENERATED_COUNT));
INSTANTIATE_TEST_SUITE_P(Quarter, GeneratedBlocksTest, testing::Range(0, 4));

}  // namespace vcengine::test
