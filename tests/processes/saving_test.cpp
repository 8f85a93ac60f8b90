/// What was tuned goes into the circuit file, and nothing else of it changes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/processes/support/controlled_circuit.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kBefore =
    "# Mine.\n"
    "circuit: tuned\n"
    "blocks:\n"
    "  count: {type: core.counter, rate: 200}   # fast\n"
    "  band:\n"
    "    type: test.band\n"
    "    params:\n"
    "      high:  30   # tuned on a sunny day\n"
    "\n"
    "      low: 10\n"
    "  sink: {type: test.recorder, params: {path: \"recorded.txt\"}}\n"
    "wires: [count.number -> band.in, band.out -> sink.in]\n";

constexpr const char* kAfter =
    "# Mine.\n"
    "circuit: tuned\n"
    "blocks:\n"
    "  count: {type: core.counter, params: {step: 0.5}, rate: 200}   # fast\n"
    "  band:\n"
    "    type: test.band\n"
    "    params:\n"
    "      high:  400   # tuned on a sunny day\n"
    "\n"
    "      low: 10\n"
    "  sink: {type: test.recorder, params: {path: \"recorded.txt\", pause: 1ms}}\n"
    "wires: [count.number -> band.in, band.out -> sink.in]\n";

}  // namespace

class SavingTest : public ControlledTest {
 protected:
  std::string saved() const { return read_file(folder() / "circuit.yaml"); }
};

TEST_F(SavingTest, TunedSettingsAreWrittenWhereTheyBelong) {
  const auto file = circuit(kBefore);
  ::chmod(file.c_str(), 0640);
  Process sut(host({file}));
  wait_until_running();
  EXPECT_EQ("nothing was tuned\n", tool({"params", "--save"}).output);
  EXPECT_EQ(kBefore, saved());
  expect_done({"set", "band.high=400", "count.step=0.5", "sink.pause=1ms"});
  const auto result = tool({"params", "--save"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.output, "circuit.yaml: band.high=400\n"));
  EXPECT_EQ(kAfter, saved());
  struct stat state {};
  ASSERT_EQ(0, ::stat(file.c_str(), &state));
  EXPECT_EQ(0640U, state.st_mode & 07777U);
  expect_done({"params", "--save"});
  EXPECT_EQ(kAfter, saved());
  EXPECT_TRUE(contains(tool({"params"}).output, "band.high    400"));
}

TEST_F(SavingTest, WhatCannotBeWrittenIsNamedAndTheRestIsWritten) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter, rate: 200, params: {step: \"${STEP:-2}\"}}\n"
                    "  sink: {type: test.recorder, params: {pause: 0s}}\n"
                    "wires: [count.number -> sink.in]\n")}));
  wait_until_running();
  expect_done({"set", "count.step=5", "sink.pause=2ms"});
  const auto result = tool({"params", "--save"});
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "count.step=5 cannot be saved: its value is not simply "));
  EXPECT_TRUE(contains(saved(), "step: \"${STEP:-2}\""));
  EXPECT_TRUE(contains(saved(), "{pause: 2ms}"));
  EXPECT_TRUE(
      contains(tool({"params", "--save", "--json"}).output, "\"left\":[{\"block\":\"count\""));
}

TEST_F(SavingTest, APathInTheFoldersOfTheFileIsWrittenFromThereOn) {
  Process sut(host({circuit(kBefore)}));
  wait_until_running();
  expect_done({"set", "sink.path=other/place.txt"});
  expect_done({"params", "--save"});
  EXPECT_TRUE(contains(saved(), "params: {path: \"other/place.txt\"}"));
  expect_done({"set", "sink.path=/else/where.txt"});
  expect_done({"params", "--save"});
  EXPECT_TRUE(contains(saved(), "params: {path: \"/else/where.txt\"}"));
}

TEST_F(SavingTest, AFileThatIsGoneOrBrokenIsRefusedAndLeftAlone) {
  const auto file = circuit(kBefore);
  Process sut(host({file}));
  wait_until_running();
  expect_done({"set", "band.high=400"});
  circuit("blocks: [\n");
  expect_refused({"params", "--save"}, "circuit.yaml:");
  EXPECT_EQ("blocks: [\n", saved());
  std::filesystem::remove(file);
  expect_refused({"params", "--save"}, "circuit.yaml");
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ("400", value_of("band.high"));
}

TEST_F(SavingTest, ALinkToTheFileStaysOne) {
  const auto file = circuit(kBefore, "real.yaml");
  const auto link = folder() / "circuit.yaml";
  std::filesystem::create_symlink(file, link);
  Process sut(host({link.string()}));
  wait_until_running();
  expect_done({"set", "band.high=400"});
  expect_done({"params", "--save"});
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_TRUE(contains(read_file(file), "high:  400   # tuned"));
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("real.yaml."));
  }
}

}  // namespace vcengine::test
