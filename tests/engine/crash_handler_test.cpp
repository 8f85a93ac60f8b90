// Real processes that crash in a library (crashing_worker.cpp, crashing_block.cpp), read back by
// the host's side with the real vcengine-symbolize.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>

#include "engine/crash/crash_report.hpp"
#include "file_descriptor.hpp"

namespace vcengine {
namespace {

const std::string kPlugin = VCENGINE_TEST_CRASHING_BLOCK;

struct Death {
  int wait_status = 0;
  FileDescriptor report;
};

Death run_worker(const char* how) {
  constexpr int kReportInWorker = 3;
  // Above the number it gets in the worker: dup2 of a number onto itself would leave it
  // close-on-exec.
  FileDescriptor low(::memfd_create("crash", MFD_CLOEXEC));
  Death death{0, FileDescriptor(::fcntl(low.get(), F_DUPFD_CLOEXEC, 10))};
  std::string program = VCENGINE_TEST_CRASHING_WORKER;
  std::string plugin = kPlugin;
  std::string kind = how;
  char* arguments[] = {program.data(), plugin.data(), kind.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, death.report.get(), kReportInWorker);
  pid_t process = 0;
  EXPECT_EQ(::posix_spawn(&process, program.c_str(), &actions, nullptr, arguments, environ), 0);
  ::posix_spawn_file_actions_destroy(&actions);
  EXPECT_EQ(::waitpid(process, &death.wait_status, 0), process);
  return death;
}

CrashInfo crash_of(const char* how, int expected_signal) {
  const Death death = run_worker(how);
  EXPECT_TRUE(WIFSIGNALED(death.wait_status));
  EXPECT_EQ(WTERMSIG(death.wait_status), expected_signal) << "the host must see the real signal";
  return read_crash_report(death.report.get(), WTERMSIG(death.wait_status), kPlugin,
                           symbolizer(VCENGINE_TEST_SYMBOLIZE));
}

/// "crashing_block.cpp:N", N being the line that ends in "// line: `mark`".
std::string line_marked(const std::string& mark) {
  std::ifstream source(VCENGINE_TEST_CRASHING_SOURCE);
  std::string text;
  for (int line = 1; std::getline(source, text); ++line) {
    if (text.ends_with("// line: " + mark)) return "crashing_block.cpp:" + std::to_string(line);
  }
  return "no such mark";
}

TEST(CrashHandlerTest, NamesTheFunctionAndLineThatWroteToNull) {
  const CrashInfo crash = crash_of("write_null", SIGSEGV);
  EXPECT_EQ(crash.signal_name, "SIGSEGV");
  EXPECT_EQ(crash.function, "crashing::write_null()");
  EXPECT_EQ(crash.source_line, line_marked("write_null"));
  EXPECT_FALSE(crash.stack_overflow);
  EXPECT_EQ(crash.read_only_input, "");
  EXPECT_EQ(crash_message(crash, "edges", "detect", 1042),
            "worker edges/detect died (SIGSEGV) at frame 1042, in crashing::write_null() at " +
                line_marked("write_null"));
}

TEST(CrashHandlerTest, UnwindsToTheCallers) {
  const CrashInfo crash = crash_of("write_null", SIGSEGV);
  ASSERT_GE(crash.backtrace.size(), 3U);
  EXPECT_NE(crash.backtrace[1].find("crash at "), std::string::npos) << crash.backtrace[1];
  EXPECT_NE(crash.backtrace[2].find("main"), std::string::npos) << crash.backtrace[2];
}

TEST(CrashHandlerTest, NamesTheCallerOfAbort) {
  const CrashInfo crash = crash_of("call_abort", SIGABRT);
  EXPECT_EQ(crash.signal_name, "SIGABRT");
  EXPECT_EQ(crash.function, "crashing::call_abort()");
  EXPECT_EQ(crash.source_line, line_marked("call_abort"));
}

TEST(CrashHandlerTest, RecognisesAStackOverflow) {
  const CrashInfo crash = crash_of("overflow_stack", SIGSEGV);
  EXPECT_TRUE(crash.stack_overflow);
  EXPECT_EQ(crash.function, "crashing::overflow_stack(int volatile*)");
  EXPECT_EQ(crash.source_line.find("crashing_block.cpp:"), 0U) << crash.source_line;
  EXPECT_NE(crash_message(crash, "edges", "detect", {}).find("(SIGSEGV, stack overflow)"),
            std::string::npos);
}

#if defined(__x86_64__)  // others divide by zero without a word, and trap with another signal
TEST(CrashHandlerTest, NamesADivisionByZero) {
  const CrashInfo crash = crash_of("divide", SIGFPE);
  EXPECT_EQ(crash.signal_name, "SIGFPE");
  EXPECT_EQ(crash.function, "crashing::divide()");
  EXPECT_EQ(crash.source_line, line_marked("divide"));
}

// The unwinder itself crashes on this stack, with SIGSEGV.
TEST(CrashHandlerTest, DiesOfTheFirstSignalWhenTheHandlerCrashes) {
  const CrashInfo crash = crash_of("smash_stack", SIGILL);
  EXPECT_EQ(crash.signal_name, "SIGILL");
  EXPECT_EQ(crash.source_line, line_marked("smash_stack"));
}
#endif

// The unwinding tables know nothing about address 0: only the frame pointers lead out of there.
TEST(CrashHandlerTest, NamesTheCallerOfANullFunctionPointer) {
  const CrashInfo crash = crash_of("call_null", SIGSEGV);
  EXPECT_EQ(crash.function, "crashing::call_null()");
  EXPECT_EQ(crash.source_line, line_marked("call_null"));
}

TEST(CrashHandlerTest, FindsThePluginBelowALibraryWithoutFramePointers) {
  const CrashInfo crash = crash_of("crash_below_libc", SIGSEGV);
  EXPECT_EQ(crash.source_line, line_marked("compare_badly"));
  const auto caller =
      std::find_if(crash.backtrace.begin(), crash.backtrace.end(), [](const auto& line) {
        return line.find("crashing::crash_below_libc()") != std::string::npos;
      });
  EXPECT_NE(caller, crash.backtrace.end());
}

TEST(CrashHandlerTest, NamesTheReadOnlyInputThatABlockWroteTo) {
  const CrashInfo crash = crash_of("write_input", SIGSEGV);
  EXPECT_EQ(crash.read_only_input, "image");
  EXPECT_EQ(crash_message(crash, "edges", "detect", 1042),
            "block detect wrote to its read-only input 'image'; clone() it first (" +
                line_marked("poke") + ")");
}

TEST(CrashHandlerTest, NamesInlinedFunctionsAndWhoCalledThem) {
  const CrashInfo crash = crash_of("write_input", SIGSEGV);
  ASSERT_GE(crash.backtrace.size(), 2U);
  EXPECT_NE(crash.backtrace[0].find(line_marked("poke")), std::string::npos) << crash.backtrace[0];
  EXPECT_NE(crash.backtrace[1].find(line_marked("write_input")), std::string::npos)
      << crash.backtrace[1];
}

TEST(CrashHandlerTest, ReportsACrashOfAnotherThread) {
  const CrashInfo crash = crash_of("in_a_thread", SIGSEGV);
  EXPECT_EQ(crash.source_line, line_marked("write_null"));
}

TEST(CrashHandlerTest, KeepsQuietAboutAForkedChild) {
  const Death death = run_worker("forked_child");
  EXPECT_TRUE(WIFEXITED(death.wait_status));
  EXPECT_EQ(::lseek(death.report.get(), 0, SEEK_END), 0);
}

}  // namespace
}  // namespace vcengine
