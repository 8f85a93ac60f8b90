// vcengine-symbolize as the host runs it, on files of every kind.
#include <dlfcn.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "engine/crash/memory_map.hpp"
#include "engine/process/child_process.hpp"

namespace vcengine {
namespace {

const std::string kProgram = VCENGINE_TEST_SYMBOLIZE;
const std::string kPlugin = VCENGINE_TEST_CRASHING_BLOCK;
const std::string kUnknown = "?\t?\n";

ChildResult run(std::vector<std::string> arguments) {
  ChildCommand command{{kProgram, "--fd", std::to_string(ChildCommand::kOutput)}};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return run_children(std::span(&command, 1), {}).at(0);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// As the process's own memory map tells it.
FilePosition position_of(const void* code) {
  const MemoryMap map(read_file("/proc/self/maps"));
  return map.find_code(reinterpret_cast<std::uintptr_t>(code)).value();
}

/// Offset in the plugin's file of a function that it exports.
std::string offset_of(const char* symbol) {
  void* plugin = ::dlopen(kPlugin.c_str(), RTLD_NOW | RTLD_LOCAL);
  const std::uint64_t offset = position_of(::dlsym(plugin, symbol)).offset;
  ::dlclose(plugin);
  return fmt::format("{:x}", offset);
}

class SymbolizeTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  std::filesystem::path folder_ = [] {
    std::string name = testing::TempDir() + "symbolize_XXXXXX";
    return std::filesystem::path(::mkdtemp(name.data()));
  }();
};

TEST_F(SymbolizeTest, NamesFunctionFileAndLine) {
  const ChildResult result = run({kPlugin, offset_of("crash")});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.output.find("crash\t"), 0U) << result.output;
  EXPECT_NE(result.output.find("crashing_block.cpp:"), std::string::npos) << result.output;
}

TEST_F(SymbolizeTest, AnswersEachPairInOrder) {
  const ChildResult result =
      run({"/no/such/file", "10", kPlugin, offset_of("crash"), kPlugin, "ffffffff"});
  EXPECT_EQ(result.output.find(kUnknown + "crash\t"), 0U) << result.output;
  EXPECT_TRUE(result.output.ends_with("\n" + kUnknown)) << result.output;
}

TEST_F(SymbolizeTest, KnowsFunctionsOfALibraryWithoutDebugInformation) {
  const FilePosition place = position_of(::dlsym(RTLD_NEXT, "lsearch"));
  EXPECT_EQ(run({place.file, fmt::format("{:x}", place.offset)}).output.find("lsearch"), 0U);
}

TEST_F(SymbolizeTest, KnowsNothingOfWhatIsNoProgram) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const std::vector<std::string> files{write("text", "Hello\n"),
                                       write("empty", ""),
                                       write("magic", "\177ELF"),
                                       folder_ / "pipe",
                                       folder_,
                                       "/dev/zero"};
  for (const std::string& file : files) {
    const ChildResult result = run({file, "1000"});
    EXPECT_EQ(result.output, kUnknown) << file;
    EXPECT_EQ(result.exit_status, 0) << file;
    EXPECT_EQ(result.signal, 0) << file;
  }
}

// Whatever elfutils makes of such a file: one line an instruction, status 0.
TEST_F(SymbolizeTest, SurvivesTruncatedAndDamagedPlugins) {
  const std::string whole = read_file(kPlugin);
  const std::string offset = offset_of("crash");
  std::uint32_t random = 1;
  for (std::size_t round = 0; round < 24; ++round) {
    std::string bytes = whole;
    if (round % 2 == 0) {
      bytes.resize(whole.size() * round / 24);
    } else {
      for (int i = 0; i < 400; ++i) {
        random = random * 1664525U + 1013904223U;
        bytes[64 + (random >> 4) % (bytes.size() - 64)] = static_cast<char>(random >> 24);
      }
    }
    const std::string file = write("damaged.so", bytes);
    const ChildResult result = run({file, offset, file, offset});
    EXPECT_EQ(result.exit_status, 0) << round;
    EXPECT_EQ(result.signal, 0) << round;
    EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 2) << result.output;
  }
}

TEST_F(SymbolizeTest, RefusesAWrongUsage) {
  EXPECT_EQ(run({}).exit_status, 2);
  EXPECT_EQ(run({kPlugin}).exit_status, 2);
}

}  // namespace
}  // namespace vcengine
