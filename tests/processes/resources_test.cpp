/// cpu, nice, memory, env and cwd of a block: its process has them and no other has, and more than
/// its memory ends it by name.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {
namespace {

class ResourcesTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  /// count -> look and count -> plain, two that say what they find around them.
  std::string looking(const std::string& settings, const std::string& defaults = "") const {
    return circuit(defaults +
                   "blocks:\n"
                   "  count: {type: core.counter, params: {count: 1}}\n"
                   "  look: {type: test.surroundings, " +
                   settings +
                   "}\n"
                   "  plain: {type: test.surroundings}\n"
                   "wires: [count.number -> look.in, count.number -> plain.in]\n");
  }
  /// count -> hoard -> sink, and beside it count -> other.
  std::string hoarding(const std::string& how, const std::string& settings,
                       const std::string& other = "") const {
    return circuit(
        "circuit: trial\n"
        "blocks:\n"
        "  count: {type: core.counter, params: {count: 40}}\n"
        "  hoard: {type: test.hoard, params: {how: " +
        how + "}" + settings +
        "}\n"
        "  sink: {type: core.null}\n"
        "  other: {type: test.hoard" +
        other +
        "}\n"
        "  end: {type: core.null}\n"
        "wires: [count.number -> hoard.in, hoard.out -> sink.in,\n"
        "        count.number -> other.in, other.out -> end.in]\n");
  }
  static void expect_lines(const Result& result, const std::vector<std::string>& lines) {
    EXPECT_EQ(0, result.status) << result.errors;
    for (const auto& line : lines) EXPECT_TRUE(contains(result.output, line + '\n'));
  }
};

std::vector<int> cores_of_this_process() {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(0, sizeof set, &set);
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

TEST_F(ResourcesTest, AllThreadsOfABlockRunOnItsCoresAndThoseOfOthersWhereTheyLike) {
  const auto cores = cores_of_this_process();
  if (cores.size() < 2) GTEST_SKIP() << "one core is no choice";
  const auto own = std::to_string(cores.back());
  std::string all;
  for (const int core : cores) all += ' ' + std::to_string(core);
  expect_lines(run_host({looking("cpu: " + own), "-q"}),
               {"[look] main cores " + own, "[look] second cores " + own,
                "[plain] main cores" + all, "[plain] second cores" + all});
}

TEST_F(ResourcesTest, ACoreThatTheHostMayNotUseIsAnErrorOfTheCheck) {
  const auto own = std::to_string(cores_of_this_process().front());
  auto command = host({"check", looking("cpu: 1000")});
  command.argv.insert(command.argv.begin(), {"taskset", "-c", own});
  const auto result = run(command);
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors,
                       "circuit.yaml:3:40: this machine has no core 1000, or vcengine may not use "
                       "it; there is " +
                           own + '\n'));
}

TEST_F(ResourcesTest, ANicerBlockIsNicerInAllItsThreadsAndAlone) {
  const auto ours = std::to_string(::getpriority(PRIO_PROCESS, 0));
  expect_lines(run_host({looking("nice: 19"), "-q"}),
               {"[look] main nice 19", "[look] second nice 19", "[plain] main nice " + ours});
}

TEST_F(ResourcesTest, ANicenessThatTheSystemRefusesIsNamedWithTheWayOut) {
  auto command = host({looking("nice: -20"), "-q"});
  command.argv.insert(command.argv.begin(), {"prlimit", "--nice=0", "--"});
  // Only root can give the right away that only root has.
  if (::geteuid() == 0) {
    command.argv.insert(command.argv.begin(), {"setpriv", "--bounding-set=-sys_nice", "--"});
  }
  const auto result = run(command);
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors,
                       "block look gave up: the system refuses its nice: -20 (Permission denied); "
                       "start vcengine with RLIMIT_NICE at 40 or more"));
  EXPECT_TRUE(contains(result.errors, "CAP_SYS_NICE"));
  EXPECT_FALSE(contains(result.output, "cores")) << "a block ran";
}

TEST_F(ResourcesTest, VariablesAreThereWhenThePluginIsLoadedAndInNoOtherBlock) {
  auto command = host({looking("params: {name: PLACE}, env: {SEEN_WHILE_LOADING: \"a b=c\", "
                               "PLACE: \"in ${WHERE}\"}"),
                       "-q"});
  command.environment["WHERE"] = "Bonn";
  command.environment["NAME"] = "of the host";
  expect_lines(run(command), {"[look] loading 'a b=c'", "[look] PLACE 'in Bonn'",
                              "[plain] loading is not set", "[plain] NAME 'of the host'"});
}

TEST_F(ResourcesTest, AVariableOfABlockTakesThePlaceOfThatOfTheHost) {
  auto command = host({looking("env: {NAME: own}", "defaults: {env: {NAME: common}}\n"), "-q"});
  command.environment["NAME"] = "of the host";
  expect_lines(run(command), {"[look] NAME 'own'", "[plain] NAME 'common'"});
}

TEST_F(ResourcesTest, ABlockWorksInItsFolderAndItsPathsStillStartAtTheFile) {
  std::filesystem::create_directory(folder() / "data");
  const auto here = std::filesystem::canonical(folder()).string();
  auto command = host({looking("cwd: data"), "-q"});
  command.folder = "/";
  expect_lines(run(command), {"[look] cwd " + here + "/data",
                              "[look] path " + folder().string() + "/a/file", "[plain] cwd /"});
}

TEST_F(ResourcesTest, PluginsOfARelativeFolderAreFoundFromAnyOther) {
  std::filesystem::create_directory(folder() / "data");
  const auto plugins = misbehaving("throws_every");
  auto command = host({circuit("blocks:\n"
                               "  count: {type: core.counter, params: {count: 9}}\n"
                               "  pass: {type: misbehaving.throws_every, cwd: data}\n"
                               "  sink: {type: core.null}\n"
                               "wires: [count.number -> pass.in, pass.out -> sink.in]\n"),
                       "--plugins", plugins.filename().string(), "-q"});
  command.folder = plugins.parent_path();
  EXPECT_EQ(0, run(command).status);
}

TEST_F(ResourcesTest, WhatIsNoFolderIsAnErrorOfTheCheck) {
  const auto result = run_host({"check", looking("cwd: nowhere")});
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "circuit.yaml:3:40: 'cwd' must be a folder, not '" +
                                          (folder() / "nowhere").string()));
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_WITH_A_SANITIZER() GTEST_SKIP() << "a sanitizer takes terabytes of its own"
#else
#define SKIP_WITH_A_SANITIZER() static_assert(true)
#endif

/// For 40 frames of 8 MB each.
const std::string kTooLittle = ", memory: 200MB, restart: never";
const std::string kNamed = "block hoard gave up: it needed more than its memory: 200 MB\n";

TEST_F(ResourcesTest, AnAllocationBeyondTheMemoryIsANamedDeath) {
  SKIP_WITH_A_SANITIZER();
  const auto result = run_host({hoarding("new", kTooLittle), "-q"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, kNamed));
  EXPECT_FALSE(contains(result.errors, "its frame is lost"));
}

TEST_F(ResourcesTest, ASuccessorHasTheSameMemoryAndBeginsWithAllOfIt) {
  SKIP_WITH_A_SANITIZER();
  const auto result = run_host({hoarding("new", ", memory: 200MB, restart: on_failure")});
  EXPECT_EQ(0, result.status);
  EXPECT_TRUE(
      contains(result.errors, "block hoard failed: it needed more than its memory: 200 MB\n"));
}

TEST_F(ResourcesTest, AMatrixBeyondTheMemoryIsTheSameDeath) {
  SKIP_WITH_A_SANITIZER();
  const auto result = run_host({hoarding("mat", kTooLittle), "-q"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, kNamed));
}

TEST_F(ResourcesTest, ThreadsBeyondTheMemoryAreTheSameDeath) {
  SKIP_WITH_A_SANITIZER();
  const auto result = run_host({hoarding("threads", kTooLittle), "-q"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, kNamed));
}

TEST_F(ResourcesTest, AllocationsOfStartAreLimitedToo) {
  SKIP_WITH_A_SANITIZER();
  const auto result = run_host({hoarding("start", kTooLittle), "-q"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, kNamed));
}

TEST_F(ResourcesTest, ACrashForWantOfMemorySaysSo) {
  SKIP_WITH_A_SANITIZER();
  const auto result = run_host({hoarding("malloc", kTooLittle), "-q"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "worker trial/hoard died (SIGSEGV) at frame "));
  EXPECT_TRUE(contains(result.errors, "; it had used up its memory: 200 MB\n"));
}

TEST_F(ResourcesTest, AnUncaughtWantOfMemoryInAThreadSaysSo) {
  SKIP_WITH_A_SANITIZER();
  const auto result = run_host({hoarding("uncaught", kTooLittle), "-q"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "worker trial/hoard died (SIGABRT) at frame "));
  EXPECT_TRUE(contains(result.errors, "; it had used up its memory: 200 MB\n"));
}

TEST_F(ResourcesTest, ACrashWithMemoryLeftSaysNothingOfIt) {
  const auto result = run_host(
      {circuit("circuit: trial\nblocks:\n"
               "  count: {type: core.counter, params: {count: 9}}\n"
               "  bad: {type: misbehaving.segfault, params: {at: 3}, memory: 1GB, restart: never}\n"
               "  sink: {type: core.null}\n"
               "wires: [count.number -> bad.in, bad.out -> sink.in]\n"),
       "--plugins", misbehaving("segfault").string(), "-q"});
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, "worker trial/bad died (SIGSEGV) at frame 3"));
  EXPECT_FALSE(contains(result.errors, "memory"));
}

TEST_F(ResourcesTest, AnArrayOfLessThanNothingIsNoWantOfMemory) {
  SKIP_WITH_A_SANITIZER();
  const auto result = run_host({hoarding("length", kTooLittle), "--json"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_EQ(40, parse_report(result.output).blocks.at("hoard").exceptions);
}

TEST_F(ResourcesTest, ALimitIsThatOfItsBlockAlone) {
  SKIP_WITH_A_SANITIZER();
  const auto figures = figures_of({hoarding("none", kTooLittle)});
  EXPECT_EQ(40, figures.blocks.at("hoard").frames);
  EXPECT_EQ(40, figures.blocks.at("other").frames) << "has taken 320 MB";
}

TEST_F(ResourcesTest, WithoutALimitWantOfMemoryCostsAFrame) {
  SKIP_WITH_A_SANITIZER();
  auto command = host({hoarding("none", "", ", params: {megabytes: 32}"), "--json"});
  command.argv.insert(command.argv.begin(), {"prlimit", "--data=200000000:", "--"});
  const auto result = run(command);
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_GT(parse_report(result.output).blocks.at("other").exceptions, 30);
}

TEST_F(ResourcesTest, WiresDoNotCountHoweverLargeTheirFrames) {
  SKIP_WITH_A_SANITIZER();
  const auto text = circuit(
      "defaults: {memory: 90MB}\n"
      "blocks:\n"
      "  make: {type: io.test_pattern, params: {width: 4096, height: 4096, frames: 4}}\n"
      "  sink: {type: core.null}\n"
      "wires: [make.frames -> sink.in]\n");
  EXPECT_EQ(0, run_host({text, "-q"}).status);
}

TEST_F(ResourcesTest, AnyMemoryIsEnoughOrSaidToBeTooLittle) {
  SKIP_WITH_A_SANITIZER();
  int ran = 0, refused = 0;
  for (int kilobytes = 1; ran < 2; kilobytes = kilobytes * 3 / 2 + 1) {
    ASSERT_LT(kilobytes, 4 << 20);
    const auto memory = std::to_string(kilobytes) + "kB";
    const auto result = run_host({hoarding("none", ", memory: " + memory), "-q"});
    if (result.status == 0) {
      ++ran;
      continue;
    }
    ++refused;
    EXPECT_EQ(3, result.status) << memory;
    EXPECT_TRUE(contains(result.errors, "its memory: ")) << memory;
  }
  EXPECT_GT(refused, 5);
}

}  // namespace
}  // namespace vcengine::test
