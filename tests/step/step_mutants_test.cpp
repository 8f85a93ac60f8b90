/// The step trials find bugs: each of these, put into a copy of the wire, is found by one
/// operation.
#include <gtest/gtest.h>

#include <ostream>
#include <regex>
#include <string>

#include "tests/processes/support/process.hpp"

namespace vcengine::test {
namespace {

struct Mutant {
  std::string name;
  std::string operation;  ///< that finds it
  std::string violation;  ///< and says this, or that: how two processes meet is not always the same
};
void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

class StepMutantsTest : public testing::TestWithParam<Mutant> {};

INSTANTIATE_TEST_SUITE_P(
    , StepMutantsTest,
    testing::Values(Mutant{"claim_before_hold", "take_lossless", "torn"},
                    Mutant{"no_second_look", "take_latest", "torn"},
                    Mutant{"trusts_the_gate", "take_let_go", "torn|wire corrupt"},
                    Mutant{"head_before_entry", "publish_lossless", "wire corrupt"},
                    Mutant{"holds_before_floor", "loan_beside_waiting", "torn"},
                    Mutant{"wake_before_head", "publish_lossless", "lost wake-up"},
                    Mutant{"look_before_ticket", "wait_for_frames_lossless", "lost wake-up"},
                    Mutant{"joins_unpinned", "add_reader_lossless", "torn"},
                    Mutant{"old_page", "replace_reader_latest", "torn|lost wake-up"},
                    Mutant{"successor_at_floor", "skip_lossless", "comes again"},
                    Mutant{"goes_over_undrained", "succeed_lossless", "was taken after"},
                    Mutant{"sends_on_unheld", "forward_lossless", "torn"},
                    Mutant{"judges_by_origin", "forward_lossless", "torn"},
                    Mutant{"gives_back_at_its_end", "forward_lossless", "torn"},
                    Mutant{"content_after_head", "publish_lossless", "torn"},
                    Mutant{"keeps_a_number_that_is_gone", "publish_lossless",
                           "one frame in two slots"},
                    Mutant{"forgets_what_is_held", "publish_lossless", "torn"},
                    Mutant{"bell_from_zero", "publish_to_sleepers", "lost wake-up"},
                    Mutant{"takes_over_at_next", "take_lossless", "comes next, and not"},
                    Mutant{"retries_in_another_place", "take_lossless_of_both", "a hold was lost"},
                    Mutant{"lets_go_what_was_sent_on", "forward_lossless", "torn"},
                    Mutant{"begins_at_head", "next_generation", "does not follow the one before"}),
    [](const auto& mutant) { return mutant.param.name; });

TEST_P(StepMutantsTest, IsFound) {
  const auto& [name, operation, violation] = GetParam();
  const auto result =
      run({.argv = {VCENGINE_STEP_TRIALS "_" + name, "--operation", operation}, .environment = {}});
  if (result.status == 77) GTEST_SKIP() << result.errors;
  EXPECT_EQ(result.status, 1) << result.output << result.errors;
  EXPECT_TRUE(std::regex_search(result.output, std::regex(violation)))
      << result.output << result.errors;
}

}  // namespace
}  // namespace vcengine::test
