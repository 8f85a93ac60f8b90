/// Circuits that cannot run: the message names the place, the thing and the way out; nothing is
/// started.
#include <gtest/gtest.h>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class BadCircuitsTest : public HostTest {
 protected:
  /// What the host says to a circuit that it must refuse.
  std::string refusal_of(std::string_view text, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), circuit(text));
    const auto result = run_host(std::move(more));
    EXPECT_EQ(2, result.status);
    EXPECT_EQ("", result.output);
    return result.errors;
  }

  /// A counter into a null, with one of the two lines changed.
  std::string refusal_with_block(const std::string& block) const {
    return refusal_of("blocks:\n  count: " + block +
                      "\n  sink: {type: core.null}\nwires:\n  - count.number -> sink.in\n");
  }
  std::string refusal_with_wire(const std::string& wire) const {
    return refusal_of(
        "blocks:\n  count: {type: core.counter}\n  sink: {type: core.null}\nwires:\n  - " + wire +
        "\n");
  }
};

TEST_F(BadCircuitsTest, NoSuchFileNamesTheOneThatWasMeant) {
  circuit("blocks: {}\n", "edges.yaml");
  const auto result = run_host({(folder() / "edgse.yaml").string()});
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "edgse.yaml: no such file; did you mean '"));
  EXPECT_TRUE(contains(result.errors, "edges.yaml'?"));
}

TEST_F(BadCircuitsTest, AFolderIsNoCircuit) {
  const auto result = run_host({folder().string()});
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "is a folder, not a circuit file"));
}

TEST_F(BadCircuitsTest, BrokenYamlIsShownWithLineColumnAndCaret) {
  const auto errors =
      refusal_of("blocks:\n  count: {type: core.counter\n  sink: {type: core.null}\n");
  EXPECT_TRUE(contains(errors, "circuit.yaml:3:"));
  EXPECT_TRUE(contains(errors, "\n  sink: {type: core.null}\n"));
  EXPECT_TRUE(contains(errors, "^"));
}

TEST_F(BadCircuitsTest, AnEmptyFileIsEmpty) {
  EXPECT_TRUE(contains(refusal_of(""), "circuit.yaml: is empty"));
}

TEST_F(BadCircuitsTest, AnUnknownBlockTypeHasANearestWord) {
  const auto errors = refusal_with_block("{type: core.conuter}");
  EXPECT_TRUE(contains(
      errors, "circuit.yaml:2:17: no block type 'core.conuter'; did you mean 'core.counter'?"));
  EXPECT_TRUE(contains(errors, "\n  count: {type: core.conuter}\n                ^"));
}

TEST_F(BadCircuitsTest, AMissingTypeNamesTheFoldersSearched) {
  const auto errors = refusal_with_block("{type: my.own_block}");
  EXPECT_TRUE(contains(errors, "lib/vcengine/plugins"));
  EXPECT_TRUE(contains(errors, (folder() / "plugins").string() + " (does not exist)"));
}

TEST_F(BadCircuitsTest, AnUnknownParameterHasANearestWord) {
  EXPECT_TRUE(contains(refusal_with_block("{type: core.counter, params: {cuont: 3}}"),
                       "'core.counter' has no parameter 'cuont'; did you mean 'count'?"));
}

TEST_F(BadCircuitsTest, AParameterOutOfRangeIsRefusedWithItsRange) {
  EXPECT_TRUE(contains(refusal_with_block("{type: core.counter, params: {count: -3}}"),
                       ":2:47: 'count' must be at least 0, not -3"));
  const auto errors = refusal_of(
      "blocks:\n  pattern: {type: io.test_pattern, params: {width: 20000}}\n"
      "  sink: {type: core.null}\nwires: [pattern.frames -> sink.in]\n");
  EXPECT_TRUE(contains(errors, "'width' must be in [64, 16384], not 20000"));
}

TEST_F(BadCircuitsTest, AParameterOfTheWrongTypeIsRefused) {
  const auto errors = refusal_with_block("{type: core.counter, params: {count: many}}");
  EXPECT_TRUE(contains(errors, "'count' must be "));
  EXPECT_TRUE(contains(errors, "many"));
}

TEST_F(BadCircuitsTest, ASettingOfTheCommandLineIsCheckedLikeOneOfTheFile) {
  const std::string good =
      "blocks:\n  count: {type: core.counter}\n  sink: {type: core.null}\n"
      "wires: [count.number -> sink.in]\n";
  EXPECT_TRUE(contains(refusal_of(good, {"--set", "count.count=-1"}),
                       "--set count.count=-1: 'count' must be"));
  EXPECT_TRUE(contains(refusal_of(good, {"--set", "cuont.count=1"}), "did you mean 'count'?"));
  EXPECT_TRUE(contains(refusal_of(good, {"--set", "count.cuont=1"}), "did you mean 'count'?"));
  EXPECT_TRUE(contains(refusal_of(good, {"--set", "nonsense"}), "'block.parameter=value'"));
}

TEST_F(BadCircuitsTest, UnknownPortsHaveANearestWord) {
  EXPECT_TRUE(contains(refusal_with_wire("count.nummber -> sink.in"), "did you mean 'number'?"));
  EXPECT_TRUE(contains(refusal_with_wire("count.number -> sink.im"), "did you mean 'in'?"));
  EXPECT_TRUE(contains(refusal_with_wire("cuont.number -> sink.in"), "did you mean 'count'?"));
}

TEST_F(BadCircuitsTest, AnUnknownPolicyHasANearestWord) {
  EXPECT_TRUE(contains(refusal_with_wire("{from: count.number, to: sink.in, policy: drop_odlest}"),
                       "no policy 'drop_odlest'; did you mean 'drop_oldest'?"));
  EXPECT_TRUE(contains(refusal_with_wire("{from: count.number, to: sink.in, policy: hurry}"),
                       "there are wait and drop_oldest"));
}

TEST_F(BadCircuitsTest, TwoWiresIntoOneInputAreRefused) {
  const auto errors = refusal_of(
      "blocks:\n  one: {type: core.counter}\n  two: {type: core.counter}\n  sink: {type: "
      "core.null}\n"
      "wires:\n  - one.number -> sink.in\n  - two.number -> sink.in\n");
  EXPECT_TRUE(contains(errors, "circuit.yaml:7:"));
  EXPECT_TRUE(contains(errors, "two wires lead into 'sink.in', which takes one"));
}

TEST_F(BadCircuitsTest, AnUnwiredInputIsRefused) {
  const auto errors = refusal_of("blocks:\n  times: {type: core.scale}\n");
  EXPECT_TRUE(contains(errors, "circuit.yaml:2:"));
  EXPECT_TRUE(contains(errors, "nothing is wired into 'times.in' (A number x)"));
}

TEST_F(BadCircuitsTest, PortsOfDifferentTypesAreNotWired) {
  const auto errors = refusal_of(
      "blocks:\n  count: {type: core.counter}\n  view: {type: io.screen}\n"
      "wires: [count.number -> view.image]\n");
  EXPECT_TRUE(contains(errors, "'count.number' gives number, but 'view.image' takes image"));
}

TEST_F(BadCircuitsTest, ACycleWithoutALatestIsRefused) {
  const auto errors = refusal_of(
      "blocks:\n  one: {type: core.scale}\n  two: {type: core.scale}\n"
      "wires:\n  - one.out -> two.in\n  - two.out -> one.in\n");
  EXPECT_TRUE(contains(errors, "the wires one -> two -> one form a cycle"));
  EXPECT_TRUE(contains(errors, "one of them must lead into a Latest"));
}

TEST_F(BadCircuitsTest, ADuplicatedNameIsRefusedWithTheLineOfTheFirst) {
  EXPECT_TRUE(
      contains(refusal_of("blocks:\n  sink: {type: core.null}\n  sink: {type: core.null}\n"),
               "circuit.yaml:3:3: a second 'sink'; the first one is in line 2"));
}

TEST_F(BadCircuitsTest, AllErrorsOfMeaningAreSaidAtOnce) {
  const auto errors = refusal_of(
      "blocks:\n  count: {type: core.conuter}\n  sink: {type: core.nul}\n"
      "  times: {type: core.scale, params: {facto: 2}}\nwires: []\n");
  EXPECT_TRUE(contains(errors, "'core.counter'?"));
  EXPECT_TRUE(contains(errors, "'core.null'?"));
  EXPECT_TRUE(contains(errors, "'factor'?"));
  EXPECT_TRUE(contains(errors, "nothing is wired into 'times.in'"));
}

TEST_F(BadCircuitsTest, CheckRefusesWhatRunRefuses) {
  const auto result = run_host({"check", circuit("blocks: {sink: {type: core.nul}}\n")});
  EXPECT_EQ(2, result.status);
  EXPECT_TRUE(contains(result.errors, "did you mean 'core.null'?"));
}

}  // namespace vcengine::test
