#include "tests/processes/support/host_test.hpp"

#include <cstdlib>
#include <sstream>

namespace vcengine::test {

namespace fs = std::filesystem;

fs::path source_folder() { return VCENGINE_TEST_SOURCE; }
fs::path build_folder() { return VCENGINE_TEST_BUILD; }
fs::path host_program() { return VCENGINE_TEST_HOST; }

fs::path footage(std::string_view file) {
  const char* folder = std::getenv("VCENGINE_FOOTAGE");  // NOLINT(concurrency-mt-unsafe)
  return (folder != nullptr ? fs::path(folder) : source_folder() / "build/footage") / file;
}

fs::path misbehaving(std::string_view plugin) {
  return build_folder() / "tests/misbehaving" / plugin;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

::testing::AssertionResult contains(std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "'" << part << "' is not in:\n" << text;
}

Command host_command(const fs::path& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), host_program().string());
  return {.argv = std::move(arguments),
          .environment = {{"DISPLAY", std::nullopt},
                          {"WAYLAND_DISPLAY", std::nullopt},
                          {"QT_QPA_PLATFORM", std::nullopt},
                          {"VCENGINE_NO_FUTEX_WAITV", std::nullopt},
                          {"LC_ALL", "C.UTF-8"},
                          {"HOME", folder.string()},
                          {"XDG_RUNTIME_DIR", folder.string()},
                          {"XDG_DATA_HOME", std::nullopt},
                          {"XDG_CACHE_HOME", (build_folder() / "tests/processes/cache").string()},
                          {"VCENGINE_PLUGIN_PATH", VCENGINE_TEST_PLUGINS},
                          {"VIDEO", footage("vtest.avi").string()}}};
}

Report HostTest::figures_of(std::vector<std::string> arguments) const {
  arguments.emplace_back("--json");
  const auto result = run_host(std::move(arguments));
  EXPECT_EQ(0, result.status) << result.errors;
  return parse_report(result.output);
}

}  // namespace vcengine::test
