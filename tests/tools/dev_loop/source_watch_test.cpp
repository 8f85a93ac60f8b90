#include "tools/dev_loop/source_watch.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/engine/temporary_folder.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

/// inotify's events are there when the call that made them returns: nothing here waits.
class SourceWatchTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;

  void make(const std::string& folder) const { fs::create_directories(folder_.path() / folder); }
};

TEST_F(SourceWatchTest, SeesAFileThatIsWritten) {
  SourceWatch sut(folder_.path());
  EXPECT_FALSE(sut.read());
  folder_.write("my.cpp", "int a;\n");
  EXPECT_TRUE(sut.read());
  EXPECT_FALSE(sut.read());
}

TEST_F(SourceWatchTest, SeesAFileThatAnEditorRenamesIntoItsPlace) {
  folder_.write("my.cpp", "int a;\n");
  SourceWatch sut(folder_.path());
  folder_.write(".my.cpp.swap", "int b;\n");
  EXPECT_FALSE(sut.read());
  fs::rename(folder_.path() / ".my.cpp.swap", folder_.path() / "my.cpp");
  EXPECT_TRUE(sut.read());
}

TEST_F(SourceWatchTest, SeesAFileThatIsRemoved) {
  folder_.write("CMakeLists.txt", "");
  SourceWatch sut(folder_.path());
  fs::remove(folder_.path() / "CMakeLists.txt");
  EXPECT_TRUE(sut.read());
}

TEST_F(SourceWatchTest, SeesFilesInFoldersThatWereThereAndInNewOnes) {
  make("old/deep");
  SourceWatch sut(folder_.path());
  folder_.write("old/deep/my.hpp", "");
  EXPECT_TRUE(sut.read());
  make("new/deep");
  EXPECT_FALSE(sut.read());
  folder_.write("new/deep/my.hpp", "");
  EXPECT_TRUE(sut.read());
}

TEST_F(SourceWatchTest, SeesTheSourcesInAFolderThatIsMovedHere) {
  TemporaryFolder elsewhere;
  fs::create_directories(elsewhere.path() / "a/b");
  elsewhere.write("a/b/my.cpp", "");
  SourceWatch sut(folder_.path());
  fs::rename(elsewhere.path() / "a", folder_.path() / "a");
  EXPECT_TRUE(sut.read());
}

TEST_F(SourceWatchTest, PassesOverWhatIsBuiltHiddenOrNoSource) {
  for (const auto* name : {"build", "plugins", ".git"}) make(name);
  SourceWatch sut(folder_.path());
  for (const auto* name : {"build/a.cpp", "plugins/a.hpp", ".git/a.cpp", ".hidden.cpp", "out.png",
                           "my.cpp~", "4913"}) {
    folder_.write(name, "");
    EXPECT_FALSE(sut.read()) << name;
  }
}

}  // namespace vcengine::test
