#include "engine/catalog/catalog.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>

#include "engine/control/description_json.hpp"
#include "tests/engine/temporary_folder.hpp"
#include "vcengine/registry.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

BlockInfo block(const std::string& type) { return {.type = type, .doc = "Does it"}; }

ChildResult answer(const PluginDescription& description) {
  return {.output = to_text(to_json(description))};
}

/// Folders of plugins, and children that answer for them: a file's content is the list of its
/// types, or after a '!' what went wrong.
class CatalogTest : public testing::Test {
 protected:
  Catalog scan(const std::vector<std::string>& folders) {
    std::vector<fs::path> paths;
    for (const auto& folder : folders) paths.push_back(files.path() / folder);
    const Describer describer("worker", Describer::kTimeout, [this](auto commands, const auto&) {
      std::vector<ChildResult> results;
      for (const auto& command : commands) results.push_back(run(command.argv.at(2)));
      return results;
    });
    return Catalog::scan(paths, describer, CatalogCache(cache_file, now));
  }

  ChildResult run(const fs::path& file) {
    ++children;
    std::ifstream stream(file);
    std::string word;
    PluginDescription description;
    while (stream >> word) {
      if (word == "!crash") return {.signal = SIGSEGV};
      if (word == "!hang") return {.timed_out = true};
      if (word == "!abi") return answer({.fault = PluginFault::in_file, .problem = "is old"});
      if (word == "!missing")
        return answer({.fault = PluginFault::in_surroundings, .problem = "lacks libx"});
      description.types.push_back(block(word));
    }
    return answer(description);
  }

  std::string read_cache() const {
    std::ifstream stream(cache_file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  TemporaryFolder files;
  fs::path cache_file = files.path() / "cache/deep/catalog.json";
  CatalogCache::Time now{1'000'000s};
  int children = 0;
};

TEST_F(CatalogTest, FindsTheTypesOfAllFolders) {
  files.write("one/a.so", "x.first x.second");
  files.write("two/b.so", "x.third");
  const auto sut = scan({"one", "two"});
  EXPECT_EQ(sut.type_names(), (std::vector<std::string>{"x.first", "x.second", "x.third"}));
  ASSERT_NE(sut.find("x.third"), nullptr);
  EXPECT_EQ(sut.find("x.third")->plugin, files.path() / "two/b.so");
  EXPECT_EQ(sut.find("x.third")->info, block("x.third"));
  EXPECT_EQ(sut.find("x.fourth"), nullptr);
}

TEST_F(CatalogTest, TakesATypeFromTheFirstFolderAndRemembersTheOther) {
  files.write("one/a.so", "x.same");
  files.write("two/b.so", "x.same x.other");
  const auto sut = scan({"one", "two"});
  EXPECT_EQ(sut.find("x.same")->plugin, files.path() / "one/a.so");
  ASSERT_EQ(sut.shadowed().size(), 1U);
  EXPECT_EQ(sut.shadowed()[0].plugin, files.path() / "two/b.so");
  EXPECT_EQ(sut.shadowed()[0].used_instead, files.path() / "one/a.so");
  EXPECT_TRUE(sut.problems().empty());
}

TEST_F(CatalogTest, CallsOneTypeInTwoPluginsOfOneFolderAMistake) {
  files.write("one/a.so", "x.same");
  files.write("one/b.so", "x.same");
  const auto sut = scan({"one"});
  ASSERT_EQ(sut.problems().size(), 1U);
  EXPECT_EQ(to_string(sut.problems()[0]),
            "b.so: registers 'x.same', as a.so beside it does, which is used");
}

TEST_F(CatalogTest, ListsFoldersThatDoNotExist) {
  files.write("one/a.so", "x.first");
  const auto sut = scan({"missing", "one"});
  ASSERT_EQ(sut.folders().size(), 2U);
  EXPECT_EQ(sut.folders()[0].problem, "does not exist");
  EXPECT_NE(sut.find("x.first"), nullptr);
}

TEST_F(CatalogTest, NamesBadPluginsAndKeepsTheRest) {
  files.write("one/a.so", "!crash");
  files.write("one/b.so", "x.good");
  files.write("one/c.so", "!hang");
  const auto sut = scan({"one"});
  ASSERT_EQ(sut.problems().size(), 2U);
  EXPECT_EQ(to_string(sut.problems()[0]), "a.so: crashed while it was described (SIGSEGV)");
  EXPECT_EQ(to_string(sut.problems()[1]), "c.so: did not answer within 10 s when it was described");
  EXPECT_NE(sut.find("x.good"), nullptr);
}

TEST_F(CatalogTest, StartsNoProcessForPluginsItKnows) {
  files.write("one/a.so", "x.first");
  files.write("one/b.so", "!abi");
  files.write("one/c.so", "!crash");
  const auto first = scan({"one"});
  ASSERT_EQ(children, 3);
  const auto sut = scan({"one"});
  EXPECT_EQ(children, 3);
  EXPECT_EQ(sut.type_names(), first.type_names());
  ASSERT_EQ(sut.problems().size(), 2U);
  EXPECT_EQ(sut.problems()[0].text, "is old");
  EXPECT_EQ(sut.problems()[1].text, "crashed while it was described (SIGSEGV)");
}

TEST_F(CatalogTest, DescribesOnlyWhatChanged) {
  files.write("one/a.so", "x.first");
  files.write("one/b.so", "x.second");
  scan({"one"});
  files.write("one/b.so", "x.changed");
  const auto sut = scan({"one"});
  EXPECT_EQ(children, 3);
  EXPECT_EQ(sut.type_names(), (std::vector<std::string>{"x.changed", "x.first"}));
}

TEST_F(CatalogTest, NoticesAFileOfTheSameSizeWithItsTimeSetBack) {
  const auto file = files.write("one/a.so", "x.first");
  struct stat before {};
  ASSERT_EQ(::stat(file.c_str(), &before), 0);
  scan({"one"});
  // Another inode and a later change, as after an upgrade by a package manager.
  const auto next = files.write("next", "x.other");
  const timespec times[] = {before.st_atim, before.st_mtim};
  const auto version = file_version(file);
  do {  // until the clock of the file system has moved on
    ASSERT_EQ(::utimensat(AT_FDCWD, next.c_str(), times, 0), 0);
  } while (file_version(next)->changed_ns == version->changed_ns);
  fs::rename(next, file);
  ASSERT_EQ(file_version(file)->modified_ns, version->modified_ns);
  EXPECT_NE(scan({"one"}).find("x.other"), nullptr);
}

TEST_F(CatalogTest, TriesACrashAgainAfterAWhileButNotAFaultOfTheFile) {
  files.write("one/a.so", "!crash");
  files.write("one/b.so", "!abi");
  scan({"one"});
  now += CatalogCache::kBelieveFailedRun - 1s;
  scan({"one"});
  EXPECT_EQ(children, 2);
  now += 1s;
  scan({"one"});
  EXPECT_EQ(children, 3);
}

TEST_F(CatalogTest, TriesAgainAtOnceWhenOnlySomethingElseWasMissing) {
  files.write("one/a.so", "!missing");
  EXPECT_EQ(scan({"one"}).problems().at(0).text, "lacks libx");
  scan({"one"});
  EXPECT_EQ(children, 2);
}

TEST_F(CatalogTest, KeepsWhatOtherCircuitsFoundAndForgetsFilesThatAreGone) {
  files.write("one/a.so", "x.first");
  const auto gone = files.write("two/b.so", "x.second");
  scan({"one"});
  scan({"two"});
  fs::remove(gone);
  files.write("three/c.so", "x.third");
  scan({"three"});
  ASSERT_EQ(children, 3);
  EXPECT_EQ(read_cache().find("b.so"), std::string::npos);
  scan({"one"});
  EXPECT_EQ(children, 3);
}

TEST_F(CatalogTest, WorksWithoutACache) {
  cache_file.clear();
  files.write("one/a.so", "x.first");
  EXPECT_NE(scan({"one"}).find("x.first"), nullptr);
  EXPECT_NE(scan({"one"}).find("x.first"), nullptr);
  EXPECT_EQ(children, 2);
}

TEST_F(CatalogTest, ReplacesADamagedCacheWithoutAWord) {
  files.write("one/a.so", "x.first");
  scan({"one"});
  const auto good = read_cache();
  std::vector<std::string> bad{
      "", "no JSON", "[]", "{}", R"({"vcengine_catalog": 99})", std::string(1000, '\0')};
  for (std::size_t length = 1; length < good.size(); length += 7)
    bad.push_back(good.substr(0, length));
  for (const auto& content : bad) {
    std::ofstream(cache_file) << content;
    children = 0;
    const auto sut = scan({"one"});
    EXPECT_NE(sut.find("x.first"), nullptr) << content;
    EXPECT_TRUE(sut.problems().empty());
    EXPECT_EQ(children, 1) << content;
    EXPECT_EQ(read_cache(), good);
  }
}

TEST_F(CatalogTest, IgnoresTheCacheOfAnotherAbi) {
  files.write("one/a.so", "x.first");
  scan({"one"});
  auto cache = parse_json(read_cache());
  cache.as_object()["abi"] = kAbiVersion + 1;
  std::ofstream(cache_file) << to_text(cache);
  scan({"one"});
  EXPECT_EQ(children, 2);
}

TEST_F(CatalogTest, WorksWhereTheCacheCannotBeWritten) {
  files.write("one/a.so", "x.first");
  files.write("cache", "a file where the folder should be");
  EXPECT_NE(scan({"one"}).find("x.first"), nullptr);
  fs::remove(files.path() / "cache");
  fs::create_directories(cache_file / "a folder where the file should be");
  EXPECT_NE(scan({"one"}).find("x.first"), nullptr);
  EXPECT_EQ(std::distance(fs::directory_iterator(cache_file.parent_path()), {}), 1)
      << "a temporary file is left";
}

TEST_F(CatalogTest, DoesNotWaitForAPipeInPlaceOfTheCache) {
  files.write("one/a.so", "x.first");
  fs::create_directories(cache_file.parent_path());
  ASSERT_EQ(::mkfifo(cache_file.c_str(), 0600), 0);
  EXPECT_NE(scan({"one"}).find("x.first"), nullptr);
}

TEST_F(CatalogTest, RemembersPathsThatAreNotUtf8) {
  files.write("f\xff/a.so", "x.first");
  scan({"f\xff"});
  EXPECT_NE(scan({"f\xff"}).find("x.first"), nullptr);
  EXPECT_EQ(children, 1);
}

TEST(PluginProblemTest, CannotSteerTheTerminal) {
  const auto text = to_string(PluginProblem{"/x/\x1b[2Jevil.so", "it printed: \x1b]0;title\x07"});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
}

TEST(DescriberTest, TakesItsPatienceFromTheEnvironment) {
  const auto with = [](const char* value) {
    return Describer::timeout_from(
        [=](const std::string&) { return std::optional<std::string>(value); });
  };
  EXPECT_EQ(with("250"), 250ms);
  for (const char* bad : {"", "0", "-5", "10s", "99999999999"})
    EXPECT_EQ(with(bad), Describer::kTimeout) << bad;
}

}  // namespace
}  // namespace vcengine
