/// Every kind of bad plugin, met by a real worker process: what the user reads about it, and that
/// the good one beside it is there all the same.
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/catalog/catalog.hpp"
#include "tests/engine/temporary_folder.hpp"
#include "vcengine/registry.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

fs::path build_folder() { return running_executable().parent_path().parent_path(); }

fs::path plugin(const std::string& name) {
  return build_folder() / "tests/misbehaving" / name / (name + ".so");
}

class BadPluginsTest : public testing::Test {
 protected:
  // A sanitizer would turn a signal into an exit status of its own.
  static void SetUpTestSuite() {
    for (const char* name : {"ASAN_OPTIONS", "TSAN_OPTIONS"}) {
      const char* old = std::getenv(name);
      const auto value = std::string(old != nullptr ? old : "") + ":handle_segv=0:handle_abort=0";
      ::setenv(name, value.c_str(), 1);
    }
  }

  /// What is said of a plugin, after the file's name.
  std::string problem_of(const std::string& name, std::chrono::milliseconds timeout = 60s) {
    const Describer sut(build_folder() / "lib/vcengine/vcengine-worker", timeout);
    const std::vector files{plugin(name)};
    return sut.describe(files).at(0).problem;
  }
};

TEST_F(BadPluginsTest, CrashesAtLoad) {
  EXPECT_EQ(problem_of("crash_at_load"), "crashed while it was described (SIGSEGV)");
}

TEST_F(BadPluginsTest, CrashesInConstructorAfterSayingWhy) {
  EXPECT_EQ(problem_of("crash_in_constructor"),
            "crashed while it was described (SIGSEGV); it printed: no rocket here");
}

TEST_F(BadPluginsTest, HangsAtLoad) {
  EXPECT_EQ(problem_of("hang_at_load", 300ms),
            "did not answer within 300 ms when it was described");
}

TEST_F(BadPluginsTest, EndsTheProcessAtLoad) {
  EXPECT_EQ(problem_of("exit_at_load"), "ended the process while it was described (exit status 0)");
}

TEST_F(BadPluginsTest, WritesItsOwnDescription) {
  EXPECT_TRUE(
      problem_of("garbage_as_description").starts_with("gave a description that cannot be read: "));
  EXPECT_EQ(problem_of("endless_description"), "has a description longer than 4 MiB");
}

TEST_F(BadPluginsTest, LiesAboutItsAbi) {
  EXPECT_EQ(problem_of("wrong_abi"),
            "was built for ABI 999, this is ABI " + std::to_string(kAbiVersion) + ": rebuild it");
}

TEST_F(BadPluginsTest, WasBuiltWithAnotherStandardLibrary) {
  EXPECT_EQ(problem_of("wrong_standard_library"),
            "was built with the C++ library 'libother', this is '" + std::string(kStandardLibrary) +
                "': rebuild it with the same one");
}

TEST_F(BadPluginsTest, IsNoLibrary) {
  EXPECT_EQ(problem_of("text_file"), "is not a shared library (it is some other kind of file)");
  EXPECT_EQ(problem_of("empty_file"), "is not a shared library (it is empty)");
}

TEST_F(BadPluginsTest, IsATruncatedLibrary) {
  const TemporaryFolder folder;
  const auto whole = plugin("segfault");
  const auto part = folder.path() / "part.so";
  fs::copy_file(whole, part);
  const Describer sut(build_folder() / "lib/vcengine/vcengine-worker");
  for (const auto size : {std::uintmax_t{4}, std::uintmax_t{64}, fs::file_size(whole) / 8}) {
    fs::resize_file(part, size);
    const auto description = sut.describe(std::vector{part}).at(0);
    EXPECT_NE(description.problem, "") << size;
  }
}

TEST_F(BadPluginsTest, IsALibraryButNoPlugin) {
  EXPECT_EQ(problem_of("no_entry"), "is no vcengine plugin: it has no entry 'vcengine_plugin'");
}

TEST_F(BadPluginsTest, NeedsWhatNobodyHas) {
  EXPECT_EQ(problem_of("missing_symbol"),
            "cannot be loaded (undefined symbol: _Z26function_that_nobody_wrotev)");
}

TEST_F(BadPluginsTest, RegistersNothingSensible) {
  EXPECT_EQ(problem_of("registers_twice"), "registers 'misbehaving.twin' twice");
  EXPECT_EQ(problem_of("registers_nothing"), "registers no block type");
  EXPECT_NE(problem_of("malformed_name").find("'Not A Name'"), std::string::npos);
  EXPECT_EQ(problem_of("same_port_twice"),
            "declares in 'misbehaving.ambiguous' the input 'in' twice");
  EXPECT_EQ(
      problem_of("too_much_state"),
      "declares in 'misbehaving.hoarder' 5000 bytes of state ('table' 4000, 'sums' 1000), and "
      "a block keeps at most 4096; what is larger goes into a file");
}

TEST_F(BadPluginsTest, Throws) {
  EXPECT_EQ(problem_of("throws_while_registering"), "could not register its types: no licence");
  EXPECT_EQ(problem_of("throws_in_constructor"),
            "has a block 'misbehaving.throwing' that cannot be constructed (no device)");
}

TEST_F(BadPluginsTest, IsDescribedThoughItPrintsALot) { EXPECT_EQ(problem_of("prints_a_lot"), ""); }

TEST_F(BadPluginsTest, HurtsNoOtherPluginAndNotTheHost) {
  std::vector<fs::path> folders;
  for (const char* name :
       {"crash_at_load", "exit_at_load", "text_file", "segfault", "prints_a_lot"}) {
    folders.push_back(plugin(name).parent_path());
  }
  const Describer describer(build_folder() / "lib/vcengine/vcengine-worker", 60s);

  const auto sut = Catalog::scan(folders, describer, CatalogCache({}, CatalogCache::Time()));

  EXPECT_EQ(sut.type_names(),
            (std::vector<std::string>{"misbehaving.segfault", "misbehaving.talker"}));
  ASSERT_EQ(sut.problems().size(), 3U);
  EXPECT_EQ(to_string(sut.problems()[0]),
            "crash_at_load.so: crashed while it was described (SIGSEGV)");
  std::ifstream maps("/proc/self/maps");
  const std::string mapped((std::istreambuf_iterator<char>(maps)), {});
  EXPECT_EQ(mapped.find("misbehaving"), std::string::npos) << "the host never maps a plugin";
}

TEST_F(BadPluginsTest, DescribesOneTypeWithSettingsAndRefusesWrongOnes) {
  const Describer sut(build_folder() / "lib/vcengine/vcengine-worker");
  const auto with = [&](const std::string& type, const std::string& name, ParamValue value) {
    const std::vector<std::pair<std::string, ParamValue>> params{{name, std::move(value)}};
    return sut.describe(plugin("segfault"), type, params);
  };
  EXPECT_EQ(with("misbehaving.segfault", "at", std::int64_t{3}).types.at(0).ports.size(), 2U);
  EXPECT_EQ(with("misbehaving.segfault", "when", std::int64_t{3}).problem, "has no setting 'when'");
  EXPECT_EQ(with("misbehaving.other", "at", std::int64_t{3}).problem,
            "has no block type 'misbehaving.other', only 'misbehaving.segfault'");
  EXPECT_NE(with("misbehaving.segfault", "at", std::int64_t{0}).problem.find("'at' must be"),
            std::string::npos);
}

}  // namespace
}  // namespace vcengine
