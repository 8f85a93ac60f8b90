#include "engine/control/program_path.hpp"

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;

class ProgramPathTest : public testing::Test {
 protected:
  fs::path program(const fs::path& name) const {
    auto file = folder_.write(name, "#!/bin/sh\n");
    fs::permissions(file, fs::perms::owner_exec, fs::perm_options::add);
    return file;
  }
  std::string folder(const std::string& name) const { return (folder_.path() / name).string(); }

  TemporaryFolder folder_;
};

TEST_F(ProgramPathTest, TheFirstFolderThatHasItWins) {
  const auto first = program("one/tool");
  program("two/tool");
  EXPECT_EQ(find_program("tool", folder("none") + ":" + folder("one") + ":" + folder("two")),
            first);
}

TEST_F(ProgramPathTest, FilesThatCannotRunAndFoldersArePassedOver) {
  folder_.write("plain/tool", "no program");
  fs::permissions(folder_.path() / "plain/tool", fs::perms::owner_read);
  fs::create_directories(folder_.path() / "folder/tool");
  const auto real = program("real/tool");
  EXPECT_EQ(find_program("tool", folder("plain") + ":" + folder("folder") + ":" + folder("real")),
            real);
}

TEST_F(ProgramPathTest, AnEmptyFolderIsNotTheCurrentOne) {
  EXPECT_EQ(find_program("tool", ""), std::nullopt);
  EXPECT_EQ(find_program("tool", ":::"), std::nullopt);
  EXPECT_EQ(find_program("tool", "::" + folder("none") + ":"), std::nullopt);
}

TEST_F(ProgramPathTest, TheShellIsOnThePath) { EXPECT_TRUE(find_program("sh").has_value()); }

}  // namespace
}  // namespace vcengine
