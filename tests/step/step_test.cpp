/// A process killed, or stopped, at every single instruction of an operation on a wire.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/step/trial.hpp"

namespace vcengine::test {
namespace {

/// No operation is as short: who tried fewer points did not step through it.
constexpr std::uint64_t kFewest = 40;

class StepTest : public testing::TestWithParam<Trials> {
 protected:
  static void expect_no_violation(Fate fate) {
    try {
      const auto tried = try_each_instruction(GetParam(), fate, true);
      for (const auto& violation : tried.violations) ADD_FAILURE() << violation;
      EXPECT_GE(tried.points, kFewest);
      std::cout << to_string(fate) << " at " << tried.points << " instructions\n";
    } catch (const PtraceForbidden& error) {
      GTEST_SKIP() << error.what();
    }
  }
};

using TakeOverStepTest = StepTest;

INSTANTIATE_TEST_SUITE_P(, StepTest, testing::ValuesIn(all_trials()),
                         [](const auto& trials) { return trials.param.name; });
INSTANTIATE_TEST_SUITE_P(, TakeOverStepTest, testing::ValuesIn(take_over_trials()),
                         [](const auto& trials) { return trials.param.name; });

TEST_P(StepTest, KilledAnywhereItLosesNoSlotAndHoldsNobodyUp) { expect_no_violation(Fate::killed); }

TEST_P(StepTest, ItsSuccessorGoesOnWhereItWasKilled) { expect_no_violation(Fate::succeeded); }

TEST_P(StepTest, ItsSuccessorGoesOnWithItsPagesWhereverItWasKilled) {
  expect_no_violation(Fate::taken_over);
}

TEST_P(TakeOverStepTest, ASuccessorThatIsKilledHasASuccessor) {
  expect_no_violation(Fate::taken_over);
}

TEST_P(StepTest, StoppedAnywhereItTearsNoFrameAndMissesNoWakeUp) {
  expect_no_violation(Fate::frozen);
}

TEST_P(StepTest, StoppedAnywhereForAMomentItTearsNoFrameAndMissesNoWakeUp) {
  expect_no_violation(Fate::frozen_briefly);
}

}  // namespace
}  // namespace vcengine::test
