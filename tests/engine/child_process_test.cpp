#include "engine/process/child_process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdint>
#include <sstream>

#include "file_descriptor.hpp"
#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;

ChildCommand shell(const std::string& script) { return {{"/bin/sh", "-c", script}}; }

ChildResult run(const ChildCommand& command, const ChildLimits& limits = {}) {
  return run_children(std::span(&command, 1), limits).at(0);
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

TEST(ChildProcessTest, KeepsOutputAndErrorsApart) {
  const auto result = run(shell("echo answer >&3; echo noise; echo more noise >&2"));
  EXPECT_EQ(result.output, "answer\n");
  EXPECT_EQ(result.errors, "noise\nmore noise\n");
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.signal, 0);
}

TEST(ChildProcessTest, TellsExitStatusFromSignal) {
  EXPECT_EQ(run(shell("exit 7")).exit_status, 7);
  EXPECT_EQ(run(shell("kill -SEGV $$")).signal, SIGSEGV);
}

TEST(ChildProcessTest, KillsWhatHangs) {
  const auto result =
      run(shell("trap '' TERM INT; while :; do sleep 100; done"), {.timeout = 50ms});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_FALSE(has_children());
}

TEST(ChildProcessTest, KillsWhatItsChildStarted) {
  const TemporaryFolder folder;
  const auto pid_file = (folder.path() / "pid").string();
  // The grandchild keeps the pipes open: waiting for their end would wait 100 s.
  const auto result = run(shell("sleep 100 & echo $! > '" + pid_file + "'; exit 0"));
  EXPECT_EQ(result.exit_status, 0);
  std::ifstream stream(pid_file);
  pid_t grandchild = 0;
  stream >> grandchild;
  ASSERT_GT(grandchild, 0);
  while (::kill(grandchild, 0) == 0) {  // gone, or a zombie that its new parent has yet to reap
    std::string ignored, state;
    std::ifstream status("/proc/" + std::to_string(grandchild) + "/stat");
    if (!(status >> ignored >> ignored >> state) || state == "Z") break;
  }
}

TEST(ChildProcessTest, StopsEndlessOutput) {
  const auto result =
      run(shell("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxx >&3; done"), {.output_bytes = 1000});
  EXPECT_TRUE(result.too_much_output);
  EXPECT_EQ(result.output.size(), 1000U);
}

TEST(ChildProcessTest, KeepsTheEndOfEndlessErrors) {
  const auto result =
      run(shell("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; echo the end"),
          {.error_bytes = 100});
  EXPECT_EQ(result.errors.size(), 100U);
  EXPECT_TRUE(result.errors.ends_with("\nthe end\n"));
}

TEST(ChildProcessTest, GivesAChildItsOwnDescriptorsOnly) {
  const FileDescriptor inheritable(::open("/dev/null", O_RDONLY));  // without O_CLOEXEC
  ASSERT_TRUE(inheritable);
  // `ls` opens one more, the folder itself.
  EXPECT_EQ(run(shell("exec ls /proc/self/fd >&3")).output, "0\n1\n2\n3\n4\n");
}

TEST(ChildProcessTest, StartsAChildWithNoSignalBlockedOrIgnored) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  const auto old_handler = ::signal(SIGPIPE, SIG_IGN);
  const auto result = run(shell("exec grep -E 'Sig(Blk|Ign)' /proc/self/status >&3"));
  ::signal(SIGPIPE, old_handler);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);

  std::istringstream stream(result.output);
  std::string name;
  std::uint64_t blocked = 1, ignored = 1;
  stream >> name >> std::hex >> blocked >> name >> ignored;
  constexpr std::uint64_t kOfTheCLibrary = 0x180000000;  // signals 32 and 33: it sets them, or not
  EXPECT_EQ(blocked, 0U) << result.output;
  EXPECT_EQ(ignored & ~kOfTheCLibrary, 0U) << result.output;
}

TEST(ChildProcessTest, StartsAChildInAGroupOfItsOwn) {
  // Fields 1 and 5 of the line: the process and its group.
  const auto result =
      run(shell("read -r id name state parent group rest < /proc/self/stat; echo $id $group >&3"));
  const auto space = result.output.find(' ');
  ASSERT_NE(space, std::string::npos);
  EXPECT_EQ(result.output.substr(0, space) + "\n", result.output.substr(space + 1));
}

TEST(ChildProcessTest, SaysWhatCannotBeStarted) {
  const auto result = run({{"/no/such/program"}});
  EXPECT_EQ(result.launch_error, "cannot start '/no/such/program': No such file or directory");
}

TEST(ChildProcessTest, GivesResultsInTheOrderOfCommandsWhateverEndsFirst) {
  std::vector<ChildCommand> commands;
  for (int i = 0; i < 20; ++i) {
    commands.push_back(
        shell("sleep 0.0" + std::to_string(9 - i % 10) + "; echo " + std::to_string(i) + " >&3"));
  }
  commands.push_back({{"/no/such/program"}});
  const auto results = run_children(commands, {.at_once = 8});
  ASSERT_EQ(results.size(), 21U);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(results[i].output, std::to_string(i) + "\n");
  EXPECT_NE(results[20].launch_error, "");
  EXPECT_FALSE(has_children());
}

TEST(ChildProcessTest, LeavesNoDescriptorBehind) {
  const auto open_descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  const auto before = open_descriptors();
  run(shell("true"));
  run(shell("sleep 100"), {.timeout = 10ms});
  run({{"/no/such/program"}});
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace vcengine
