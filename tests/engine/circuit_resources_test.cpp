/// What a circuit file says of the process of a block: cpu, nice, memory, env, cwd.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/control/cores.hpp"
#include "tests/engine/checked_circuit.hpp"
#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

using Cores = std::vector<int>;
using Variables = std::map<std::string, std::string>;

const Cores kZeroToThree{0, 1, 2, 3};
const Cores kOnlyZero{0};
const CheckOptions kFourCores{.cores = &kZeroToThree};
const CheckOptions kOneCore{.cores = &kOnlyZero};

/// One block that says `settings`, in line 2 from column 33 on.
std::string block(const std::string& settings) {
  return "blocks:\n  v: {type: control.constant,   " + settings + "}\n";
}

Resources resources_of(const std::string& settings) {
  return plan_of(block(settings), kFourCores).blocks.at(0).resources;
}

/// Of the parser or the check.
std::string refusal(const std::string& settings) {
  try {
    return refusal_of(block(settings), kFourCores);
  } catch (const CircuitError& error) {
    return messages_of(error.diagnostics());
  }
}

TEST(CircuitResourcesTest, ABlockThatSaysNothingIsAsTheHost) {
  EXPECT_TRUE(resources_of("rate: 1").empty());
}

TEST(CircuitResourcesTest, CoresAreANumberARangeOrAList) {
  EXPECT_EQ(resources_of("cpu: 2").cores, (Cores{2}));
  EXPECT_EQ(resources_of("cpu: 1-3").cores, (Cores{1, 2, 3}));
  EXPECT_EQ(resources_of("cpu: 3-3").cores, (Cores{3}));
  EXPECT_EQ(resources_of("cpu: [2, 0]").cores, (Cores{0, 2}));
  EXPECT_EQ(resources_of("cpu: [2-3, 0, 3]").cores, (Cores{0, 2, 3}));
  EXPECT_EQ(resources_of("cpu: \"${CORES:-0,2-3}\"").cores, (Cores{0, 2, 3}));
}

TEST(CircuitResourcesTest, WhatIsNoCoreIsRefused) {
  for (const std::string bad : {"-1", "1024", "0x1", "1.5", "two", "3-1", "1-", "-", "1-2-3",
                                "'1, 2'", "'1,'", "''", "99999999999999999999", "+1"}) {
    const auto shown = bad.front() == '\'' ? bad : '\'' + bad + '\'';
    EXPECT_EQ(refusal("cpu: " + bad),
              "dir/c.yaml:2:38: 'cpu' must be cores such as 2, 0-3 or [0, 2], not " + shown);
  }
  EXPECT_EQ(refusal("cpu: [0, x]"),
            "dir/c.yaml:2:42: 'cpu' must be cores such as 2, 0-3 or [0, 2], not 'x'");
  EXPECT_EQ(refusal("cpu: [0, [1]]"),
            "dir/c.yaml:2:42: 'cpu' must be cores such as 2, 0-3 or [0, 2], not a list");
  EXPECT_EQ(refusal("cpu: {a: 1}"),
            "dir/c.yaml:2:38: 'cpu' must be cores such as 2, 0-3 or [0, 2], not a map");
  EXPECT_EQ(
      refusal("cpu: []"),
      "dir/c.yaml:2:38: 'cpu' is an empty list; leave it out for a block that may run anywhere");
}

TEST(CircuitResourcesTest, ACoreThatIsNotThereIsRefusedWithThoseThatAre) {
  EXPECT_EQ(refusal("cpu: 7"),
            "dir/c.yaml:2:38: this machine has no core 7, or vcengine may not use it; there are "
            "0-3");
  EXPECT_EQ(refusal("cpu: [0, 2-5]"),
            "dir/c.yaml:2:42: this machine has no cores 4-5, or vcengine may not use them; there "
            "are 0-3");
  const Cores only_one{1};
  EXPECT_EQ(refusal_of(block("cpu: 0-2"), {.cores = &only_one}),
            "dir/c.yaml:2:38: this machine has no cores 0, 2, or vcengine may not use them; there "
            "is 1");
}

TEST(CircuitResourcesTest, WhereTheKernelDoesNotSayWhichCoresThereAreAnyIsTaken) {
  const Cores not_known;
  EXPECT_EQ(plan_of(block("cpu: 900"), {.cores = &not_known}).blocks.at(0).resources.cores,
            (Cores{900}));
}

TEST(CircuitResourcesTest, WhatIsWrongInTheDefaultsOfManyBlocksIsSaidOnce) {
  EXPECT_EQ(refusal_of("defaults: {cpu: 9, cwd: nowhere_at_all}\nblocks:\n"
                       "  a: {type: control.constant, rate: 1, cwd: .}\n"
                       "  b: {type: control.constant, rate: 1}\n"
                       "  c: {type: control.constant, rate: 1}\n",
                       kOneCore)
                .find("dir/c.yaml:1:17: this machine has no core 9"),
            0U);
  const auto messages = refusal_of(
      "defaults: {cpu: 9}\nblocks:\n  a: {type: control.constant, rate: 1}\n"
      "  b: {type: control.constant, rate: 1}\n",
      kOneCore);
  EXPECT_EQ(messages.find('\n'), std::string::npos) << messages;
}

TEST(CircuitResourcesTest, TheCoresOfThisProcessAreAmongThoseOfTheMachine) {
  const auto sut = usable_cores();
  ASSERT_FALSE(sut.empty());
  EXPECT_TRUE(std::ranges::is_sorted(sut));
}

TEST(CircuitResourcesTest, CoresAreWrittenAsRanges) {
  EXPECT_EQ(cores_text({}), "");
  EXPECT_EQ(cores_text({3}), "3");
  EXPECT_EQ(cores_text({0, 1, 2, 5, 7, 8}), "0-2, 5, 7-8");
}

TEST(CircuitResourcesTest, NiceIsWithinTheRangeOfTheSystem) {
  EXPECT_EQ(resources_of("nice: 10").nice, 10);
  EXPECT_EQ(resources_of("nice: -20").nice, -20);
  EXPECT_EQ(resources_of("nice: 0").nice, 0);
  EXPECT_EQ(refusal("nice: 20"),
            "dir/c.yaml:2:39: 'nice' must be an integer in [-20, 19], not '20'");
  EXPECT_EQ(refusal("nice: -21"),
            "dir/c.yaml:2:39: 'nice' must be an integer in [-20, 19], not '-21'");
  EXPECT_EQ(refusal("nice: low"),
            "dir/c.yaml:2:39: 'nice' must be an integer in [-20, 19], not 'low'");
}

TEST(CircuitResourcesTest, MemoryIsASize) {
  EXPECT_EQ(resources_of("memory: 512MB").memory, 512'000'000U);
  EXPECT_EQ(resources_of("memory: 1.5 GiB").memory, std::uint64_t{3} << 29U);
  EXPECT_EQ(refusal("memory: 0"),
            "dir/c.yaml:2:41: 'memory' must be a size above 0, such as 512MB, not '0'");
  EXPECT_EQ(refusal("memory: 512M"),
            "dir/c.yaml:2:41: 'memory' must be a size above 0, such as 512MB, not '512M'");
  EXPECT_EQ(refusal("memory: -1MB"),
            "dir/c.yaml:2:41: 'memory' must be a size above 0, such as 512MB, not '-1MB'");
  EXPECT_EQ(refusal("memory: [1MB]"),
            "dir/c.yaml:2:41: 'memory' must be a size above 0, such as 512MB, not a list");
}

TEST(CircuitResourcesTest, VariablesAreTextAsWritten) {
  EXPECT_EQ(resources_of("env: {A: 007, B_2: true, C: '', d: \"x y=z\"}").env,
            (Variables{{"A", "007"}, {"B_2", "true"}, {"C", ""}, {"d", "x y=z"}}));
  EXPECT_TRUE(resources_of("env: {}").env.empty());
}

TEST(CircuitResourcesTest, VariablesAndFoldersMayHoldOthers) {
  auto types = usual_types();
  const auto text = block("env: {A: \"is ${WHAT}\", B: \"$${WHAT}\"}, cwd: \"${HERE}\"");
  const auto circuit = parse_circuit_text(
      text, "dir/c.yaml", [](const std::string& name) -> std::optional<std::string> {
        return name == "WHAT" ? "this" : "/";
      });
  const auto sut = check_circuit(circuit, types).blocks.at(0).resources;
  EXPECT_EQ(sut.env, (Variables{{"A", "is this"}, {"B", "${WHAT}"}}));
  EXPECT_EQ(sut.cwd, "/");
}

TEST(CircuitResourcesTest, WhatCannotBeAVariableIsRefused) {
  EXPECT_EQ(refusal("env: {'': 1}"), "dir/c.yaml:2:39: a variable of the environment needs a name");
  EXPECT_EQ(refusal("env: {A=B: 1}"),
            "dir/c.yaml:2:39: 'A=B' is no name of a variable: it has a '=' or a zero byte in it");
  EXPECT_EQ(refusal("env: {\"A\\0B\": 1}").substr(0, 16), "dir/c.yaml:2:39:");
  EXPECT_EQ(refusal("env: {A: \"1\\0\"}"),
            "dir/c.yaml:2:42: the value of a variable can have no zero byte in it");
  EXPECT_EQ(refusal("env: {A: [1]}"), "dir/c.yaml:2:42: 'A' must be one value, not a list");
  EXPECT_EQ(refusal("env: {A: }"), "dir/c.yaml:2:42: 'A' must be one value, not nothing");
  EXPECT_EQ(refusal("env: [A]"),
            "dir/c.yaml:2:38: 'env' must be a map such as {OMP_NUM_THREADS: 2}, not a list");
  EXPECT_EQ(refusal("env: {A: 1, A: 2}"),
            "dir/c.yaml:2:45: a second 'A'; the first one is in line 2");
}

TEST(CircuitResourcesTest, AVariableOfVcengineIsNotOneOfABlockButForItsLog) {
  EXPECT_EQ(refusal("env: {VCENGINE_NO_FUTEX_WAITV: 1}"),
            "dir/c.yaml:2:39: 'VCENGINE_NO_FUTEX_WAITV' is a variable of vcengine and not of one "
            "block; set it where vcengine is started");
  EXPECT_EQ(resources_of("env: {VCENGINE_LOG: debug}").env, (Variables{{"VCENGINE_LOG", "debug"}}));
}

TEST(CircuitResourcesTest, TooManyVariablesAreRefused) {
  std::string variables;
  for (int i = 0; i < 257; ++i) variables += "V" + std::to_string(i) + ": 1, ";
  EXPECT_EQ(refusal("env: {" + variables + "}"),
            "dir/c.yaml:2:38: a block can have at most 256 variables");
}

TEST(CircuitResourcesTest, AFolderStartsAtThatOfTheFile) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "data");
  auto circuit = parsed(block("cwd: data/../data"));
  circuit.folder = folder.path();
  auto types = usual_types();
  EXPECT_EQ(check_circuit(circuit, types).blocks.at(0).resources.cwd, folder.path() / "data");
}

TEST(CircuitResourcesTest, WhatIsNoFolderIsRefusedAtItsPlace) {
  const TemporaryFolder folder;
  folder.write("file", "");
  auto circuit = parsed(block("cwd: file"));
  circuit.folder = folder.path();
  EXPECT_EQ(refusal_of(circuit), "dir/c.yaml:2:38: 'cwd' must be a folder, not '" +
                                     (folder.path() / "file").string() + "' (it is no folder)");
  EXPECT_EQ(refusal("cwd: /nowhere/at/all"),
            "dir/c.yaml:2:38: 'cwd' must be a folder, not '/nowhere/at/all' (No such file or "
            "directory)");
  EXPECT_EQ(refusal("cwd: ''"), "dir/c.yaml:2:38: 'cwd' must be a folder, not ''");
  EXPECT_EQ(refusal("cwd: [a]"), "dir/c.yaml:2:38: 'cwd' must be a folder, not a list");
}

TEST(CircuitResourcesTest, DefaultsAreForBlocksThatDoNotSayOtherwise) {
  const auto plan = plan_of(
      "defaults: {cpu: 1, nice: 5, memory: 1GB, cwd: /}\nblocks:\n"
      "  plain: {type: control.constant, rate: 1}\n"
      "  own: {type: control.constant, rate: 1, cpu: 0, nice: 0, memory: 2GB, cwd: /tmp}\n",
      kFourCores);
  const auto& plain = plan.blocks.at(0).resources;
  EXPECT_EQ(plain.cores, (Cores{1}));
  EXPECT_EQ(plain.nice, 5);
  EXPECT_EQ(plain.memory, 1'000'000'000U);
  EXPECT_EQ(plain.cwd, "/");
  const auto& own = plan.blocks.at(1).resources;
  EXPECT_EQ(own.cores, (Cores{0}));
  EXPECT_EQ(own.nice, 0);
  EXPECT_EQ(own.memory, 2'000'000'000U);
  EXPECT_EQ(own.cwd, "/tmp");
}

TEST(CircuitResourcesTest, VariablesOfTheDefaultsAndOfABlockAreMergedOneByOne) {
  const auto plan = plan_of(
      "defaults: {env: {A: 1, B: 2}}\nblocks:\n"
      "  v: {type: control.constant, rate: 1, env: {B: 3, C: 4}}\n");
  EXPECT_EQ(plan.blocks.at(0).resources.env, (Variables{{"A", "1"}, {"B", "3"}, {"C", "4"}}));
}

}  // namespace
}  // namespace vcengine
