/// Who may include whom. Link targets enforce most of it; what headers could smuggle in is enforced
/// here.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// Files below `folder` (or the one file) must not include what matches `forbidden`, unless they
/// are named in `except`.
struct Rule {
  std::string folder;
  std::string forbidden;  // a regular expression over the text between < > or " "
  std::vector<std::string> except;
};

const std::vector<Rule> kRules = {
    // What block authors see: the standard library, and OpenCV's core for pictures.
    {"sdk/include",
     "boost/.*|yaml-cpp/.*|fmt/.*|CLI/.*|engine/.*|wire/.*|block_access.*|sys/.*",
     {}},
    {"sdk/include",
     "opencv2/.*",
     {"sdk/include/vcengine/image.hpp", "sdk/include/vcengine/picture_matchers.hpp"}},
    {"sdk/include", "g(test|mock)/.*", {"sdk/include/vcengine/picture_matchers.hpp"}},
    {"sdk/include/vcengine/picture_matchers.hpp", "opencv2/(?!(core|imgcodecs)\\.hpp).*", {}},
    {"sdk/include/vcengine/image.hpp", "opencv2/(?!core\\.hpp).*", {}},
    // The SDK's inside: Boost in one file, no OpenCV, nothing of the engine.
    {"sdk/src", "yaml-cpp/.*|boost/dll/.*|boost/json/.*|engine/.*|opencv2/.*|fmt/.*", {}},
    {"sdk/src", "boost/.*", {"sdk/src/wire/ring.hpp", "sdk/src/wire/segment.cpp"}},
    // A block: the SDK's public headers and its own libraries.
    {"plugins",
     "engine/.*|wire/.*|block_access.*|block_runner.*|port_writer.*|plugins/.*|boost/dll/.*",
     {}},
    // The host never sees a picture; each big library is behind one door.
    {"engine", "opencv2/.*|plugins/.*", {}},
    {"engine", "vcengine/image\\.hpp", {}},
    {"engine",
     "yaml-cpp/.*",
     {"engine/circuit/yaml_document.hpp", "engine/circuit/yaml_document.cpp"}},
    {"engine",
     "boost/dll/.*",
     {"engine/catalog/plugin_library.hpp", "engine/catalog/plugin_library.cpp"}},
    // A worker reads capsules too: nothing of a circuit, or of who runs it.
    {"engine/capsule", "engine/(catalog|circuit|commands|run|show|worker)/.*", {}},
    {"engine",
     "CLI/.*",
     {"engine/commands/command_line.cpp", "engine/conformance/test_command_line.cpp"}},
    {"engine",
     "elfutils/.*|libelf.*|gelf.*|dwarf.*",
     {"engine/crash/debug_info.cpp", "engine/crash/debug_info.hpp"}},
    // Tools talk to the host as anybody could: its messages, and nothing of its inside.
    {"tools",
     "engine/(?!control/).*|wire/.*|block_access.*|plugins/.*|yaml-cpp/.*|boost/dll/.*|opencv2/.*",
     {}},
};

bool is_source(const fs::path& file) {
  return file.extension() == ".hpp" || file.extension() == ".cpp";
}

std::vector<fs::path> sources(const fs::path& place) {
  std::vector<fs::path> found;
  if (fs::is_regular_file(place)) return {place};
  for (const auto& entry : fs::recursive_directory_iterator(place)) {
    if (entry.is_regular_file() && is_source(entry.path())) found.push_back(entry.path());
  }
  return found;
}

/// "file:line includes what" for each line that breaks the rule.
std::vector<std::string> violations(const fs::path& root, const Rule& rule) {
  const std::regex include("\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"].*");
  const std::regex forbidden(rule.forbidden);
  std::vector<std::string> found;
  for (const auto& file : sources(root / rule.folder)) {
    const auto name = fs::relative(file, root).string();
    if (std::ranges::find(rule.except, name) != rule.except.end()) continue;
    std::ifstream in(file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      std::smatch match;
      if (!std::regex_match(line, match, include)) continue;
      const std::string what = match[1];
      if (std::regex_match(what, forbidden)) {
        found.push_back(name + ":" + std::to_string(number) + " includes " + what);
      }
    }
  }
  return found;
}

std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& one : all) text += one + "\n";
  return text;
}

TEST(IncludeRulesTest, NobodyIncludesWhatIsNotHisToSee) {
  for (const auto& rule : kRules) {
    const auto found = violations(VCENGINE_SOURCE_DIR, rule);
    EXPECT_TRUE(found.empty()) << lines(found);
  }
}

TEST(IncludeRulesTest, ABlockHasNoHeaders) {
  for (const auto& file : sources(fs::path(VCENGINE_SOURCE_DIR) / "plugins")) {
    EXPECT_NE(file.extension(), ".hpp") << file << ": one file, one block, one .so";
  }
}

TEST(IncludeRulesTest, EveryExceptionIsStillThere) {
  for (const auto& rule : kRules) {
    for (const auto& file : rule.except) {
      EXPECT_TRUE(fs::exists(fs::path(VCENGINE_SOURCE_DIR) / file)) << file;
    }
  }
}

TEST(IncludeRulesTest, SeesAViolation) {
  const auto root =
      fs::temp_directory_path() / ("vcengine_include_rules_" + std::to_string(::getpid()));
  fs::create_directories(root / "plugins");
  std::ofstream(root / "plugins/bad.cpp")
      << "#include <vector>\n#include \"engine/circuit/plan.hpp\"\n";
  const auto found = violations(root, {"plugins", "engine/.*", {}});
  fs::remove_all(root);
  EXPECT_EQ(found, std::vector<std::string>{"plugins/bad.cpp:2 includes engine/circuit/plan.hpp"});
}

}  // namespace
