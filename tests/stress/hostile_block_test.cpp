/// A block that writes random bytes over the pages it shares with others, in a real circuit.
#include <gtest/gtest.h>

#include <string>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {
namespace {

class HostileBlockTest : public HostTest, public testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override { adopt_orphans(); }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }  // the host waited for all of them

  /// count -> bad -> sink, and count -> good -> other, which have nothing to do with the bad one.
  Command command(int seed) const {
    return host({circuit("circuit: trial\n"
                         "blocks:\n"
                         "  count: {type: core.counter, params: {count: 200000}}\n"
                         "  bad: {type: misbehaving.scribbles, params: {pages: " +
                         GetParam() + ", seed: " + std::to_string(seed) +
                         "}}\n"
                         "  good: {type: core.scale}\n"
                         "  sink: {type: core.null}\n"
                         "  other: {type: core.null}\n"
                         "wires:\n"
                         "  - {from: count.number, to: bad.in, policy: drop_oldest}\n"
                         "  - bad.out -> sink.in\n"
                         "  - count.number -> good.in\n"
                         "  - good.out -> other.in\n"),
                 "--plugins", misbehaving("scribbles").string()});
  }
};

INSTANTIATE_TEST_SUITE_P(, HostileBlockTest, testing::Values("reader", "ring", "status", "all"),
                         [](const auto& pages) { return pages.param; });

TEST_P(HostileBlockTest, NeitherTheHostNorAnotherBlockCrashesOrHangs) {
  for (int seed = 1; seed <= 5; ++seed) {
    const auto result = run(command(seed));
    const auto said = result.output + result.errors;
    EXPECT_LT(result.status, 128) << "seed " << seed << "\n" << said;
    for (const auto* const bystander : {"count", "good", "other", "sink"}) {
      EXPECT_EQ(said.find("worker trial/" + std::string(bystander) + " died"), std::string::npos)
          << "seed " << seed << "\n"
          << said;
    }
  }
}

TEST_P(HostileBlockTest, TheHostSaysWhoItWas) {
  for (int seed = 1; seed <= 5; ++seed) {
    const auto result = run(command(seed));
    EXPECT_EQ(result.status, 3) << "seed " << seed << "\n" << result.output;
    EXPECT_TRUE(contains(result.errors, "block bad wrote over memory that it shares"))
        << "seed " << seed << "\n"
        << result.errors;
  }
}

}  // namespace
}  // namespace vcengine::test
