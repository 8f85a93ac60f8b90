#include "tools/new/write_files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "tests/engine/temporary_folder.hpp"
#include "tests/tools/common/refusal_of.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// No file of this process may grow beyond `bytes`: what a full disk is like.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

class WriteFilesTest : public ::testing::Test {
 protected:
  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path() / "finder";
};

TEST_F(WriteFilesTest, WritesAFolder) {
  write_folder(folder_, {{"a.txt", "alpha"}, {".hidden", ""}});
  EXPECT_EQ(text_of(folder_ / "a.txt"), "alpha");
  EXPECT_TRUE(fs::exists(folder_ / ".hidden"));
}

TEST_F(WriteFilesTest, LeavesAFolderAloneThatIsThere) {
  temporary_.write("finder/a.txt", "mine");
  EXPECT_TRUE(has(refusal_of([&] {
                    write_folder(folder_, {{"b.txt", "new"}});
                  }),
                  "is there already"));
  EXPECT_EQ(text_of(folder_ / "a.txt"), "mine");
  EXPECT_FALSE(fs::exists(folder_ / "b.txt"));
}

TEST_F(WriteFilesTest, LeavesFilesAndDanglingLinksAloneThatHaveTheName) {
  const auto file = temporary_.write("file", "mine");
  EXPECT_NE(refusal_of([&] { write_folder(file, {}); }), "");
  EXPECT_NE(refusal_of([&] { write_new_file(file, "new"); }), "");
  EXPECT_EQ(text_of(file), "mine");
  fs::create_symlink(temporary_.path() / "nowhere", temporary_.path() / "link");
  EXPECT_NE(refusal_of([&] { write_new_file(temporary_.path() / "link", "new"); }), "");
  EXPECT_FALSE(fs::exists(temporary_.path() / "nowhere"));
}

TEST_F(WriteFilesTest, SaysHowToMakeTheFolderThatIsMissing) {
  const auto missing = temporary_.path() / "no/where";
  EXPECT_TRUE(has(refusal_of([&] { write_folder(missing / "finder", {}); }),
                  "mkdir -p " + missing.string()));
}

TEST_F(WriteFilesTest, AFullDiskLeavesNothingHalfWritten) {
  const SizeLimit full(10);
  EXPECT_THROW(write_folder(folder_, {{"a.txt", "short"}, {"b.txt", std::string(100, 'x')}}),
               WriteError);
  EXPECT_FALSE(fs::exists(folder_));
  EXPECT_THROW(write_new_file(temporary_.path() / "c.txt", std::string(100, 'x')), WriteError);
  EXPECT_FALSE(fs::exists(temporary_.path() / "c.txt"));
}

TEST_F(WriteFilesTest, AFileThatCannotBeWrittenTakesTheOthersWithIt) {
  // The second has the name of the first, which is there by then.
  EXPECT_THROW(write_folder(folder_, {{"a.txt", "1"}, {"a.txt", "2"}}), Refusal);
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(WriteFilesTest, SaysThatAFolderIsNotWritable) {
  // /proc refuses even root, for whom permissions count for nothing.
  try {
    write_folder("/proc/finder", {});
    FAIL() << "written";
  } catch (const WriteError& error) {
    EXPECT_TRUE(has(error.what(), "cannot write /proc/finder: ")) << error.what();
  }
}

}  // namespace
}  // namespace vcengine
