/// A thousand random circuits: none hangs that the check lets pass, and all account for each frame.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/processes/support/host_test.hpp"
#include "tests/random/circuit_trial.hpp"
#include "tests/random/random_circuit.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kHundred = 100;
constexpr std::size_t kFewestAccepted = 60;
constexpr auto kPatience = 60s;

/// Each with `circuit` at its end.
std::string told(const Trial& trial, const std::string& circuit) {
  std::string text;
  for (const auto& complaint : trial.complaints) text += complaint + '\n';
  return text + circuit;
}

Trial try_in_new_folder(const std::string& circuit, std::chrono::seconds patience) {
  const TemporaryFolder folder;
  return try_circuit(circuit, folder.path(), patience);
}

std::set<fs::path> found_circuits() {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(source_folder() / "tests/random/found"))
    if (entry.path().extension() == ".yaml") files.insert(entry.path());
  return files;
}

}  // namespace

class HundredRandomCircuitsTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(HundredRandomCircuitsTest, EndAndAccountForEachFrame) {
  std::size_t accepted = 0;
  for (auto seed = GetParam(); seed < GetParam() + kHundred; ++seed) {
    const auto circuit = random_circuit(seed);
    const auto trial = try_in_new_folder(circuit, kPatience);
    accepted += trial.accepted ? 1U : 0U;
    EXPECT_TRUE(trial.complaints.empty()) << "seed " << seed << ":\n" << told(trial, circuit);
  }
  EXPECT_LE(kFewestAccepted, accepted) << "too few of these circuits try anything";
}

INSTANTIATE_TEST_SUITE_P(From, HundredRandomCircuitsTest,
                         ::testing::Range<std::uint64_t>(0, 10 * kHundred, kHundred),
                         ::testing::PrintToStringParamName());

TEST(RandomCircuitsTest, TheSameSeedGivesTheSameCircuitAndAnotherGivesAnother) {
  EXPECT_EQ(random_circuit(7), random_circuit(7));
  EXPECT_NE(random_circuit(7), random_circuit(8));
}

TEST(RandomCircuitsTest, ThoseThatOnceHungOrMiscountedDoSoNoMore) {
  for (const auto& file : found_circuits()) {
    const auto circuit = read_file(file);
    const auto trial = try_in_new_folder(circuit, kPatience);
    EXPECT_TRUE(trial.complaints.empty()) << file << ":\n" << told(trial, circuit);
    EXPECT_NE(trial.accepted, contains(circuit, "# refused by the check\n")) << file;
  }
}

TEST(RandomCircuitsTest, OneThatHangsIsKilledAndSaysWhoIsLeft) {
  const auto trial = try_in_new_folder(
      "circuit: endless\n"
      "blocks:\n"
      "  count: {type: core.counter}\n"
      "  slow: {type: test.recorder, params: {pause: 1h}}\n"
      "wires: [count.number -> slow.in]\n",
      1s);
  EXPECT_TRUE(trial.accepted);
  ASSERT_EQ(1U, trial.complaints.size());
  EXPECT_TRUE(contains(trial.complaints[0], "hangs"));
  EXPECT_TRUE(contains(trial.complaints[0], "endless/slow"));
}

TEST(RandomCircuitsTest, ASourceThatEndsTooEarlyIsNoticed) {
  const auto trial = try_in_new_folder(
      "# calls: count 11\n"
      "blocks:\n"
      "  count: {type: core.counter, params: {count: 10}}\n"
      "  sink: {type: core.null}\n"
      "wires: [count.number -> sink.in]\n",
      kPatience);
  ASSERT_EQ(2U, trial.complaints.size());
  EXPECT_EQ("source count was called 10 times of 11", trial.complaints[0]);
}

TEST(RandomCircuitsTest, AnOfflineRunThatGivesAnotherResultIsNoticed) {
  // It takes its stamps from the wall clock.
  const auto trial = try_in_new_folder(
      "# options: --offline\n"
      "blocks:\n"
      "  clock: {type: test.wall_clock, params: {count: 10}}\n"
      "  sink: {type: test.recorder, params: {path: sink.txt}}\n"
      "wires: [clock.time -> sink.in]\n",
      kPatience);
  ASSERT_EQ(1U, trial.complaints.size());
  EXPECT_EQ("recorder sink wrote something else in the second run", trial.complaints[0]);
}

}  // namespace vcengine::test
