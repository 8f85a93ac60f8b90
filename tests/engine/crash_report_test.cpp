// The host's side alone: what a broken worker may have written, and which frame is shown.
#include "engine/crash/crash_report.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <random>
#include <string>

#include "engine/crash/crash_frames.hpp"
#include "engine/crash/crash_record.hpp"
#include "file_descriptor.hpp"

namespace vcengine {
namespace {

const std::string kMaps =
    "00400000-00401000 r--p 00000000 08:01 1   /opt/worker\n"
    "00401000-00402000 r-xp 00001000 08:01 1   /opt/worker\n"
    "7f0000001000-7f0000002000 r-xp 00001000 08:01 2                   /opt/my plugins/detect.so\n"
    "7f0000005000-7f0000006000 r-xp 00000000 08:01 3                   /usr/lib/libcv.so\n"
    "7ffd00000000-7ffd00001000 r-xp 00000000 00:00 0                   [vdso]\n";
const std::filesystem::path kPlugin = "/opt/my plugins/detect.so";
constexpr std::uint64_t kInWorker = 0x401010;
constexpr std::uint64_t kInPlugin = 0x7f0000001234;
constexpr std::uint64_t kInLibrary = 0x7f0000005100;

CrashRecord record_of(std::initializer_list<std::uint64_t> frames) {
  CrashRecord record;
  record.signal = SIGSEGV;
  for (const std::uint64_t frame : frames) record.frames[record.frame_count++] = frame;
  return record;
}

std::string bytes_of(const CrashRecord& record) {
  return std::string(reinterpret_cast<const char*>(&record), sizeof record) + kMaps;
}

FileDescriptor file_of(const std::string& bytes) {
  FileDescriptor file(::memfd_create("crash", MFD_CLOEXEC));
  EXPECT_EQ(::pwrite(file.get(), bytes.data(), bytes.size(), 0),
            static_cast<ssize_t>(bytes.size()));
  return file;
}

CrashInfo read(const std::string& bytes, const Symbolizer& symbolize) {
  return read_crash_report(file_of(bytes).get(), SIGSEGV, kPlugin, symbolize);
}

std::string nothing_known(const std::vector<std::string>&) { return ""; }

TEST(CrashReportTest, PassesOffsetsInFilesToTheSymbolizer) {
  std::vector<std::string> asked;
  read(bytes_of(record_of({kInLibrary, kInPlugin, 0x10, kInWorker})), [&](const auto& places) {
    asked = places;
    return "";
  });
  const std::vector<std::string> expected{"/usr/lib/libcv.so",
                                          "100",  // where it crashed
                                          "/opt/my plugins/detect.so",
                                          "1233",  // before a return address
                                          "/opt/worker",
                                          "100f"};
  EXPECT_EQ(asked, expected);
}

TEST(CrashReportTest, PrefersTheInnermostLineOfThePlugin) {
  const CrashInfo crash =
      read(bytes_of(record_of({kInLibrary, kInPlugin, kInWorker})), [](const auto&) {
        return "cv::Canny()\t/src/canny.cpp:7\n"
               "Detect::process()\t/home/me/detect.cpp:31\n"
               "main\t/src/worker.cpp:9\n";
      });
  EXPECT_EQ(crash.function, "Detect::process()");
  EXPECT_EQ(crash.source_line, "detect.cpp:31");
  const std::vector<std::string> expected{"cv::Canny() at /src/canny.cpp:7",
                                          "Detect::process() at /home/me/detect.cpp:31",
                                          "main at /src/worker.cpp:9"};
  EXPECT_EQ(crash.backtrace, expected);
}

TEST(CrashReportTest, SkipsHeadersOfLibrariesInlinedIntoThePlugin) {
  const CrashInfo crash = read(bytes_of(record_of({kInPlugin})), [](const auto&) {
    return "cv::Mat::at(int)\t/usr/include/opencv4/opencv2/core/mat.inl.hpp:899\t"
           "Detect::process()\t/home/me/detect.cpp:31\n";
  });
  EXPECT_EQ(crash.function, "Detect::process()");
  EXPECT_EQ(crash.source_line, "detect.cpp:31");
}

TEST(CrashReportTest, FallsBackToAnyLineAndThenToAnyFunction) {
  const CrashInfo line = read(bytes_of(record_of({kInLibrary, kInWorker})),
                              [](const auto&) { return "cv::Canny()\t?\nmain\tworker.cpp:9\n"; });
  EXPECT_EQ(line.source_line, "worker.cpp:9");
  const CrashInfo function =
      read(bytes_of(record_of({kInLibrary})), [](const auto&) { return "cv::Canny()\t?\n"; });
  EXPECT_EQ(function.function, "cv::Canny()");
  EXPECT_EQ(function.backtrace, std::vector<std::string>{"cv::Canny() in libcv.so"});
  EXPECT_EQ(crash_message(function, "edges", "detect", 7),
            "worker edges/detect died (SIGSEGV) at frame 7, in cv::Canny()");
}

TEST(CrashReportTest, ShowsModulesWhenTheSymbolizerFailed) {
  const CrashInfo crash = read(bytes_of(record_of({kInPlugin, 0x10})), nothing_known);
  const std::vector<std::string> expected{"detect.so+0x1234", "0x10: no code"};
  EXPECT_EQ(crash.backtrace, expected);
  EXPECT_EQ(crash_message(crash, "edges", "detect", {}), "worker edges/detect died (SIGSEGV)");
}

TEST(CrashReportTest, KeepsTheSignalWhenThereIsNoReport) {
  const CrashInfo crash = read_crash_report(file_of("").get(), SIGKILL, kPlugin, nothing_known);
  EXPECT_EQ(crash.signal_name, "SIGKILL");
  EXPECT_EQ(crash_message(crash, "edges", "detect", 3),
            "worker edges/detect died (SIGKILL) at frame 3");
}

TEST(CrashReportTest, SaysThatMemoryWasUsedUpWhereThereIsALimit) {
  constexpr std::uint64_t kLimit = 512'000'000;
  const std::string used_up = "; it had used up its memory: 512 MB";
  EXPECT_EQ(memory_message({.wanted_memory = true}, kLimit), used_up);
  EXPECT_EQ(memory_message({.own_memory = kLimit - 4096}, kLimit), used_up);
  EXPECT_EQ(memory_message({.own_memory = kLimit + 4096}, kLimit), used_up);
  EXPECT_EQ(memory_message({.own_memory = kLimit / 2}, kLimit), "");
  EXPECT_EQ(memory_message({.wanted_memory = true, .own_memory = kLimit}, {}), "");
}

TEST(CrashReportTest, MemoryOfItsOwnIsWhatItCanWriteAndSharesWithNobody) {
  CrashRecord record = record_of({kInPlugin});
  record.error = ENOMEM;
  const auto bytes = bytes_of(record) +
                     "00500000-00503000 rw-p 00002000 08:01 1   /opt/worker\n"
                     "00600000-00610000 rw-p 00000000 00:00 0                   [heap]\n"
                     "00700000-00701000 -w-p 00000000 00:00 0 \n"
                     "00800000-00900000 rw-s 00000000 00:01 9   /memfd:wire (deleted)\n"
                     "00a00000-00b00000 ---p 00000000 00:00 0 \n"
                     "7ffc00000000-7ffc00100000 rw-p 00000000 00:00 0           [stack]\n"
                     "00d00000-00c00000 rw-p 00000000 00:00 0 \n";
  const CrashInfo crash = read(bytes, nothing_known);
  EXPECT_TRUE(crash.wanted_memory);
  EXPECT_EQ(crash.own_memory, 0x3000U + 0x10000U + 0x1000U);
  EXPECT_EQ(crash.backtrace, std::vector<std::string>{"detect.so+0x1234"});
  EXPECT_FALSE(read(bytes_of(record_of({kInPlugin})), nothing_known).wanted_memory);
}

TEST(CrashReportTest, SurvivesABadDescriptor) {
  EXPECT_EQ(read_crash_report(-1, SIGBUS, kPlugin, nothing_known).signal_name, "SIGBUS");
}

TEST(CrashReportTest, TakesAnUnfinishedOrSenselessRecordForNone) {
  const std::string whole = bytes_of(record_of({kInPlugin}));
  EXPECT_TRUE(read(whole.substr(0, sizeof(CrashRecord) - 1), nothing_known).backtrace.empty());
  CrashRecord too_many = record_of({kInPlugin});
  too_many.frame_count = CrashRecord::kMaxFrames + 1;
  EXPECT_TRUE(read(bytes_of(too_many), nothing_known).backtrace.empty());
  CrashRecord no_signal = record_of({kInPlugin});
  no_signal.signal = -1;
  EXPECT_EQ(read(bytes_of(no_signal), nothing_known).signal_name, "SIGSEGV");
}

TEST(CrashReportTest, ReadsAnyBytes) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> byte(0, 255);
  std::uniform_int_distribution<std::size_t> length(0, 3000);
  for (int round = 0; round < 300; ++round) {
    std::string bytes(length(random), '\0');
    for (char& c : bytes) c = static_cast<char>(byte(random));
    const std::uint64_t magic = CrashRecord::kMagic;  // the first gate is open for all of them
    bytes.replace(0, std::min(bytes.size(), sizeof magic), reinterpret_cast<const char*>(&magic),
                  std::min(bytes.size(), sizeof magic));
    read(bytes, [&](const auto&) { return bytes; });
  }
}

TEST(CrashReportTest, LetsNoControlCharactersThrough) {
  CrashRecord record = record_of({kInPlugin});
  record.read_only_input.fill('\033');
  const CrashInfo crash =
      read(bytes_of(record), [](const auto&) { return "f\033[2J\ta\rb.cpp:1\n"; });
  EXPECT_EQ(crash.read_only_input, std::string(CrashRecord::kMaxInputName, '?'));
  EXPECT_EQ(crash.function, "f?[2J");
  EXPECT_EQ(crash.source_line, "a?b.cpp:1");
}

TEST(CrashReportTest, TellsAStackOverflowFromAWildPointer) {
  CrashRecord record = record_of({kInPlugin});
  record.stack_pointer = 0x7ffd10000000;
  record.address = record.stack_pointer - 8;
  EXPECT_TRUE(read(bytes_of(record), nothing_known).stack_overflow);
  record.address = 8;
  EXPECT_FALSE(read(bytes_of(record), nothing_known).stack_overflow);
  record.address = record.stack_pointer + (1 << 20);
  EXPECT_FALSE(read(bytes_of(record), nothing_known).stack_overflow);
}

TEST(CrashReportTest, RunsTheSymbolizerForThreeSecondsAtMost) {
  std::vector<std::string> argv;
  std::chrono::milliseconds timeout{0};
  const Symbolizer sut =
      symbolizer("/opt/vcengine-symbolize", [&](auto commands, const auto& limits) {
        argv = commands[0].argv;
        timeout = limits.timeout;
        ChildResult result;
        result.output = "f\t?\n";
        return std::vector<ChildResult>{result};
      });
  EXPECT_EQ(sut({"/a.so", "1f"}), "f\t?\n");
  const std::vector<std::string> expected{"/opt/vcengine-symbolize", "--fd", "3", "/a.so", "1f"};
  EXPECT_EQ(argv, expected);
  EXPECT_EQ(timeout, std::chrono::seconds{3});
}

}  // namespace
}  // namespace vcengine
