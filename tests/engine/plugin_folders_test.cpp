#include "engine/catalog/plugin_folders.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<fs::path>;

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return {};
    return found->second;
  };
}

TEST(PluginFoldersTest, SearchesGivenThenVariableThenCircuitThenUserThenInstalled) {
  const auto environment =
      environment_of({{"VCENGINE_PLUGIN_PATH", "/env/a:/env/b"}, {"HOME", "/home/me"}});
  const Paths given{"/given/one", "/given/two"};
  const Paths expected{"/given/one",
                       "/given/two",
                       "/env/a",
                       "/env/b",
                       "/circuit/plugins",
                       "/home/me/.local/share/vcengine/plugins",
                       "/usr/lib/vcengine/plugins"};
  EXPECT_EQ(plugin_folders(given, "/circuit", "/usr/bin/vcengine", environment), expected);
}

TEST(PluginFoldersTest, PrefersXdgDataHomeAndSkipsARelativeOne) {
  EXPECT_EQ(
      plugin_folders({}, {}, {}, environment_of({{"HOME", "/h"}, {"XDG_DATA_HOME", "/data"}})),
      Paths{"/data/vcengine/plugins"});
  EXPECT_EQ(plugin_folders({}, {}, {}, environment_of({{"HOME", "/h"}, {"XDG_DATA_HOME", "data"}})),
            Paths{"/h/.local/share/vcengine/plugins"});
}

TEST(PluginFoldersTest, SearchesNothingOfTheUserWithoutHome) {
  EXPECT_EQ(plugin_folders({}, "/c", {}, environment_of({})), Paths{"/c/plugins"});
  EXPECT_EQ(plugin_folders({}, "/c", {}, environment_of({{"HOME", ""}})), Paths{"/c/plugins"});
}

TEST(PluginFoldersTest, SkipsEmptyPartsOfTheVariable) {
  EXPECT_EQ(plugin_folders({}, {}, {}, environment_of({{"VCENGINE_PLUGIN_PATH", ":/a::/b:"}})),
            (Paths{"/a", "/b"}));
}

TEST(PluginFoldersTest, ListsAFolderOnceAtItsFirstPlace) {
  const Paths given{"/a/../b/", "/c", "/b"};
  EXPECT_EQ(plugin_folders(given, {}, {}, environment_of({})), (Paths{"/b", "/c"}));
}

TEST(PluginFoldersTest, MakesRelativeFoldersAbsolute) {
  const Paths given{"here"};
  EXPECT_EQ(plugin_folders(given, {}, {}, environment_of({})), Paths{fs::current_path() / "here"});
}

TEST(PluginFolderTest, TakesLibrariesByNameAndLinksToThem) {
  const TemporaryFolder folder;
  folder.write("b.so", "");
  folder.write("a b.so", "");
  folder.write(".hidden.so", "");
  folder.write("notes.txt", "");
  folder.write("c.so.1", "");
  fs::create_directory(folder.path() / "folder.so");
  fs::create_symlink("b.so", folder.path() / "link.so");
  fs::create_symlink("nowhere", folder.path() / "broken.so");
  fs::create_symlink("circle.so", folder.path() / "circle.so");

  const auto sut = read_plugin_folder(folder.path());

  EXPECT_EQ(sut.problem, "");
  EXPECT_EQ(sut.plugins,
            (Paths{folder.path() / "a b.so", folder.path() / "b.so", folder.path() / "link.so"}));
}

TEST(PluginFolderTest, SaysWhyItCannotBeRead) {
  const TemporaryFolder folder;
  const auto file = folder.write("file", "");
  EXPECT_EQ(read_plugin_folder(folder.path() / "missing").problem, "does not exist");
  EXPECT_EQ(read_plugin_folder(file).problem, "Not a directory");
}

TEST(RunningExecutableTest, IsThisProgram) {
  EXPECT_TRUE(fs::exists(running_executable()));
  EXPECT_NE(running_executable().filename().string().find("test"), std::string::npos);
}

}  // namespace
}  // namespace vcengine
